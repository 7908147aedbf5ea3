using System.Globalization;
using System.Text;
using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Training.Text;

/// <summary>A held-out text whose label may be wrong, for people.</summary>
/// <param name="Place">Its row in the drop.</param>
/// <param name="Label">The label.</param>
/// <param name="Suggested">The intent that it seems to have.</param>
/// <param name="Probability">Probability of that.</param>
/// <param name="OfLabel">Probability of the label.</param>
internal sealed record SuspectedLabel(string Place, string Label, string Suggested, double Probability, double OfLabel);

/// <summary>The part of a text classifier's card on labels that may be wrong, and the file that lists them all; neither holds a text.</summary>
internal static class TextSuspectsPart
{
    private const string FileName = "label-suspects.csv";
    private const int MostPairs = 15, MostRows = 20;

    public static void Write(CardPage page, TextCardInput input)
    {
        page.Heading("Labels that may be wrong");
        if (input.Suspects.Count == 0)
        {
            page.Text("No label of a held-out text is suspected (confident learning: Northcutt, Jiang and Chuang 2021). The other texts were not looked at, since the model learned from their labels.");
            return;
        }

        var texts = input.Labels.Count(l => l >= 0);
        page.Text($"For {CardParts.Count(input.Suspects.Count)} of the {CardParts.Count(texts)} held-out texts another intent is at least as probable as it mostly is for texts of that intent, and more probable than their label (confident learning: Northcutt, Jiang and Chuang 2021). "
                + $"Look at them: where the label is wrong, correct the data and train again; where the model is wrong, the two intents need more texts. Only held-out texts, {CardParts.Share(input.Contract.Training.Holdout)} of the data, could be looked at, so expect about as many in every other part of that size; another seed looks at others.")
            .Table("Labels by what is suggested instead", ["Label", "Suggested", "#Texts"], input.Suspects.CountBy(s => (s.Label, s.Suggested))
                .OrderByDescending(p => p.Value).ThenBy(p => p.Key.Label, StringComparer.Ordinal).ThenBy(p => p.Key.Suggested, StringComparer.Ordinal)
                .Take(MostPairs).Select(p => new CardCell[] { p.Key.Label, p.Key.Suggested, CardParts.Count(p.Value) }))
            .Table(
                $"The {CardParts.Count(Math.Min(MostRows, input.Suspects.Count))} that are most likely wrong; {FileName} beside this card has all",
                ["Row of the drop", "Label", "Suggested", "#Probability", "#Of the label"],
                input.Suspects.Take(MostRows).Select(s => new CardCell[] { s.Place, s.Label, s.Suggested, CardParts.Figure(s.Probability), CardParts.Figure(s.OfLabel) }));
    }

    /// <summary>The file; none without suspects.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> Files(TextCardInput input)
    {
        if (input.Suspects.Count == 0) return [];
        var lines = new StringBuilder("row,label,suggested,probability,of_label\n");
        foreach (var s in input.Suspects)
            lines.Append(CultureInfo.InvariantCulture, $"{Quoted(s.Place)},{Quoted(s.Label)},{Quoted(s.Suggested)},{s.Probability:0.0000},{s.OfLabel:0.0000}\n");
        return [new(FileName, Encoding.UTF8.GetBytes(lines.ToString()))];
    }

    private static string Quoted(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
