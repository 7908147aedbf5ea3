using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Training.Documents;

namespace Serverless.Cli;

/// <summary>Figures of reading as text and as JSON.</summary>
internal static class ReadingTable
{
    public static JsonObject Json(ReadingFigures figures) => new()
    {
        ["outcome"] = "done",
        ["papers"] = figures.Papers,
        ["characterAccuracy"] = figures.CharacterAccuracy is { } all ? Math.Round(all, 4) : null,
        ["characterAccuracyWithoutBlanks"] = figures.CharacterAccuracyWithoutBlanks is { } plain ? Math.Round(plain, 4) : null,
        ["kindAccuracy"] = Math.Round(figures.KindAccuracy, 4),
        ["fields"] = new JsonObject(figures.Fields.Select(f => KeyValuePair.Create(f.Key.ToString().ToLowerInvariant(), (JsonNode?)new JsonObject
        {
            ["papers"] = f.Value.Papers,
            ["precision"] = Math.Round(f.Value.Precision, 4),
            ["recall"] = Math.Round(f.Value.Recall, 4),
            ["f1"] = Math.Round(f.Value.F1, 4),
            ["printedF1"] = Math.Round(f.Value.PrintedF1, 4),
            ["wordF1"] = Math.Round(f.Value.WordF1, 4),
            ["forHuman"] = f.Value.ForHuman,
            ["wrongUnseen"] = f.Value.WrongUnseen,
        }))),
    };

    public static string Text(ReadingFigures figures)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{figures.Papers} papers; kind {figures.KindAccuracy:P1}");
        if (figures.CharacterAccuracy is { } all) text.Append(CultureInfo.InvariantCulture, $"; characters {all:P2}, without blanks {figures.CharacterAccuracyWithoutBlanks:P2}");
        text.AppendLine();
        text.Append("field     papers  precision  recall      F1  F1 as printed  words F1  for a person  wrong and not");
        foreach (var (name, f) in figures.Fields) text.AppendLine().Append(CultureInfo.InvariantCulture, $"{name.ToString().ToLowerInvariant(),-8} {f.Papers,7} {f.Precision,10:P1} {f.Recall,7:P1} {f.F1,7:P1} {f.PrintedF1,14:P1} {f.WordF1,9:P1} {f.ForHuman,13} {f.WrongUnseen,14}");
        return text.ToString();
    }
}
