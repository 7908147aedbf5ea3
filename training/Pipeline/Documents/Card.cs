using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Cards;
using Serverless.Serving.Documents;
using Serverless.Training.Cards;
using Serverless.Training.Text;

namespace Serverless.Training.Documents;

/// <summary>What a picture classifier's card is made from.</summary>
/// <param name="Manifest">The bundle's manifest with version, figures and, after the gate, its verdict.</param>
/// <param name="Contract">The contract that it was trained under.</param>
/// <param name="Features">Sizes and labels.</param>
/// <param name="Fitted">What held-out pictures show.</param>
/// <param name="Suspects">Held-out pictures whose labels may be wrong, the likeliest first.</param>
internal sealed record DocumentCardInput(Manifest Manifest, DocumentContract Contract, PictureFeatures Features, CrossFitted Fitted, IReadOnlyList<SuspectedLabel> Suspects);

/// <summary>The model card of a picture classifier (Mitchell et al. 2019): its labels, how well it tells them apart, when it holds back. Holds no picture.</summary>
internal static class DocumentCard
{
    private const int MostConfusions = 15, MostSuspects = 20;

    /// <summary>Writes <c>card.md</c> and <c>card.html</c>.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(DocumentCardInput input)
    {
        var (manifest, contract, features) = (input.Manifest, input.Contract, input.Features);
        var page = new CardPage(
            $"Picture classifier for {contract.Portfolio}",
            $"Tells which of {features.Labels.Count} labels a picture has, how sure that is, and when it has none of them.");
        page.Heading("What it is").Table("Where the model comes from", ["Fact", "Value"],
        [
            .. CardParts.Facts(manifest, contract),
            ["Holdout", $"{CardParts.Share(contract.Training.Holdout)} of the pictures of each label, by a hash of what is seen and the seed"],
            ["What the network sees", string.Create(CultureInfo.InvariantCulture, $"{features.Width} x {features.Height} pixels, {(features.Channels == 1 ? "brightness alone" : "red, green and blue")}")],
            ["None of them", $"when {NameOf(input.Fitted.Calibration.Score)} is below {CardParts.Figure(input.Fitted.Calibration.None)}"],
            .. Changes(contract.Augmentation),
            ["Pictures in its files", "none"],
        ]);
        var scoped = input.Fitted.Answers.Where(a => a.Class >= 0).ToList();
        page.Heading("How good it is")
            .Text($"Measured on {CardParts.Count(scoped.Count)} held-out pictures with a label. {CardParts.FitNote(contract.Training)}")
            .Table("Figures on the holdout", ["Figure", "#Value"], manifest.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new CardCell[] { m.Key, CardParts.Figure(m.Value) }));
        if (scoped.Count > 0)
        {
            var groups = Reliability.Of(scoped.ConvertAll(a => a.Confidence), scoped.ConvertAll(a => a.Predicted == a.Class));
            page.Charts(Reliability.Chart(groups, "Calibration: tenths of the holdout by probability of the best label, with 95 % intervals", "probability of the best label", "share that was right"));
        }

        Labels(page, features, scoped);
        Suspects(page, input, scoped.Count);
        page
            .Gate(manifest.Gate)
            .Heading("Limits of use").List(Limits(input))
            .Replay("dotnet run --project training/Cli -- documents train --contract contract.json --data DATA --out again");
        return page.Files();
    }

    private static void Labels(CardPage page, PictureFeatures features, List<AnsweredText> scoped)
    {
        page.Heading("Labels").Table("Each label on the holdout, before the threshold", ["Label", "#Pictures", "#Precision", "#Recall", "#F1"], features.Labels.Select((name, label) =>
        {
            var (support, said, hits) = (scoped.Count(a => a.Class == label), scoped.Count(a => a.Predicted == label), scoped.Count(a => a.Class == label && a.Predicted == label));
            return new CardCell[] { name, CardParts.Count(support), Ratio(hits, said), Ratio(hits, support), Ratio(2 * hits, said + support) };
        }));
        var confusions = scoped.Where(a => a.Class != a.Predicted).CountBy(a => (True: a.Class, Said: a.Predicted))
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(MostConfusions)
            .Select(c => new CardCell[] { features.Labels[c.Key.True], features.Labels[c.Key.Said], CardParts.Count(c.Value) }).ToList();
        page.Subheading("Most frequent confusions");
        if (confusions.Count == 0) page.Text("No held-out picture was given another label.");
        else page.Table("What was taken for what", ["True label", "Said instead", "#Pictures"], confusions);
    }

    private static void Suspects(CardPage page, DocumentCardInput input, int pictures)
    {
        page.Heading("Labels that may be wrong");
        if (input.Suspects.Count == 0)
        {
            page.Text("No label of a held-out picture is suspected (confident learning: Northcutt, Jiang and Chuang 2021). The other pictures were not looked at, since the model learned from their labels.");
            return;
        }

        page.Text($"For {CardParts.Count(input.Suspects.Count)} of the {CardParts.Count(pictures)} held-out pictures another label is at least as probable as it mostly is for pictures of that label, and more probable than their own (confident learning: Northcutt, Jiang and Chuang 2021). Look at them: where the label is wrong, correct the data and train again. Only held-out pictures could be looked at; another seed looks at others.")
            .Table(
                $"The {CardParts.Count(Math.Min(MostSuspects, input.Suspects.Count))} that are most likely wrong",
                ["Picture of the drop", "Label", "Suggested", "#Probability", "#Of the label"],
                input.Suspects.Take(MostSuspects).Select(s => new CardCell[] { s.Place, s.Label, s.Suggested, CardParts.Figure(s.Probability), CardParts.Figure(s.OfLabel) }));
    }

    private static IEnumerable<CardCell[]> Changes(AugmentationRules rules) =>
    [
        ["Changed at each step of training, at most", string.Create(CultureInfo.InvariantCulture, $"moved {rules.Shift:0.###} of a side, turned {rules.Rotation:0.#} degrees, scaled {rules.Scale:0.###}, slanted {rules.Shear:0.###}, bent {rules.Elastic:0.###} of a side; contrast {rules.Contrast:0.###}, brightness {rules.Brightness:0.###}, noise {rules.Noise:0.###}")],
    ];

    private static string NameOf(PictureNoneScore score) => score switch
    {
        PictureNoneScore.Probability => "the best probability",
        PictureNoneScore.Energy => "the energy of all scores",
        _ => "the cosine to the nearest label's mean",
    };

    private static CardCell Ratio(int part, int whole) =>
        whole == 0 ? "no pictures" : CardCell.Filled((100.0 * part / whole).ToString("0.0' %'", CultureInfo.InvariantCulture), (double)part / whole);

    private static IEnumerable<string> Limits(DocumentCardInput input) =>
    [
        "It knows pictures like those that it learned from. Another scanner, another layout or another hand come out as none or as a wrong label: read what it turns away, label it, and train again.",
        "It sees a small picture of a page, not its words: two kinds of pages that look alike are told apart by what is read on them, not here.",
        "The probabilities hold for pictures like those of the holdout, in which every label comes as often as in the data.",
        input.Fitted.Answers.Any(a => a.Class == -1)
            ? "The threshold of none was checked on the out-of-scope pictures of the data, which also chose by which number it tells; people will find others."
            : "The data have no out-of-scope pictures, so nobody has checked how many of those are turned away.",
        "It decides nothing about an applicant. A person looks at what it is not sure of.",
    ];
}
