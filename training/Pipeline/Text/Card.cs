using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Cards;
using Serverless.Serving.Text;
using Serverless.Training.Cards;

namespace Serverless.Training.Text;

/// <summary>What a text classifier's card is made from; the three holdout lists have the same order and length.</summary>
/// <param name="Manifest">The bundle's manifest with version, figures and, after the gate, its verdict.</param>
/// <param name="Contract">The contract that it was trained under.</param>
/// <param name="Intents">Names of the intents, in the order of the graph's classes.</param>
/// <param name="Labels">True intents of the held-out texts as places in <paramref name="Intents"/>; -1 for out of scope.</param>
/// <param name="Predicted">Best intents as places in <paramref name="Intents"/>, whatever their probability.</param>
/// <param name="Confidence">Calibrated probabilities of the best intents, 0 to 1.</param>
/// <param name="Evidence">What <paramref name="Score"/> is for each; negative infinity when nothing of the text is known.</param>
/// <param name="Weights">What the scores of the parts count.</param>
/// <param name="Score">By which number none of the intents is told.</param>
/// <param name="NoneThreshold">That number, below which a text has none of the intents.</param>
internal sealed record TextCardInput(
    Manifest Manifest,
    TextContract Contract,
    IReadOnlyList<string> Intents,
    IReadOnlyList<int> Labels,
    IReadOnlyList<int> Predicted,
    IReadOnlyList<double> Confidence,
    IReadOnlyList<double> Evidence,
    ScoreWeights Weights,
    NoneScore Score,
    double NoneThreshold)
{
    /// <summary>Of held-out texts written otherwise, how many kept their best intent.</summary>
    public IReadOnlyList<InvarianceFigure> Invariance { get; init; } = [];

    /// <summary>What the served model answers to the contract's cases.</summary>
    public IReadOnlyList<CaseAnswer> Cases { get; init; } = [];

    /// <summary>Held-out texts whose labels may be wrong, the likeliest first.</summary>
    public IReadOnlyList<SuspectedLabel> Suspects { get; init; } = [];
}

/// <summary>The model card of a text classifier (Mitchell et al. 2019): its intents, how well it tells them apart, when it holds back. Holds no text.</summary>
internal static class TextCard
{
    private const int MostConfusions = 15;

    /// <summary>Writes <c>card.md</c> and <c>card.html</c>, and the labels that may be wrong as a file beside them.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(TextCardInput input)
    {
        var (manifest, contract) = (input.Manifest, input.Contract);
        var page = new CardPage(
            $"Text classifier for {contract.Portfolio}",
            $"Tells which of {input.Intents.Count} intents a customer's message has, how sure that is, and when it has none of them.");
        page.Heading("What it is").Table("Where the model comes from", ["Fact", "Value"],
        [
            .. CardParts.Facts(manifest, contract),
            ["Holdout", $"{CardParts.Share(contract.Training.Holdout)} of the texts of each intent, by a hash of the {(contract.IdColumn is null ? "text" : "row's id")} and the seed"],
            ["Scores", string.Join(", and ", new[] { $"of the linear part, {CardParts.Figure(input.Weights.OfLinear)} times" }
                .Concat(contract.Network is null ? [] : [$"of the network, {CardParts.Figure(input.Weights.OfNetwork)} times"])
                .Concat(contract.Encoder is null ? [] : [$"of the encoder, {CardParts.Figure(input.Weights.OfEncoder)} times"]))],
            .. contract.Encoder is { } encoder ? [["Encoder", $"{encoder.Name}, version {encoder.Version}, {encoder.MaxTokens} tokens of a text, {(encoder.Pooling == EncoderPooling.Mean ? "their mean" : "the first mark's vector")}"]] : Array.Empty<CardCell[]>(),
            ["None of them", $"when {TextThresholdPart.Name(input.Score)} is below {CardParts.Figure(input.NoneThreshold)}"],
            ["Ambiguous", $"when the best two probabilities are closer than {CardParts.Figure(contract.AmbiguousMargin)}"],
            ["Longest text", $"{CardParts.Count(contract.MaxLength)} characters"],
            ["Texts in its files", contract.Similar is { } similar ? $"at most {CardParts.Count(similar.Questions)} training questions, redacted, for agents" : "none"],
        ]);
        var scoped = Enumerable.Range(0, input.Labels.Count).Where(i => input.Labels[i] >= 0).ToArray();
        var right = Array.ConvertAll(scoped, i => input.Predicted[i] == input.Labels[i]);
        page.Heading("How good it is")
            .Text($"Measured on {CardParts.Count(scoped.Length)} held-out texts with an intent. {CardParts.FitNote(contract.Training)}")
            .Table("Figures on the holdout", ["Figure", "#Value"], manifest.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new CardCell[] { m.Key, CardParts.Figure(m.Value) }));
        if (scoped.Length > 0)
        {
            var groups = Reliability.Of(Array.ConvertAll(scoped, i => input.Confidence[i]), right);
            page.Charts(
                Reliability.Chart(groups, "Calibration: tenths of the holdout by probability of the best intent, with 95 % intervals", "probability of the best intent", "share that was right"),
                TextThresholdPart.Chart(input));
        }

        TextThresholdPart.Write(page, input);
        Intents(page, input, scoped);
        TextBehaviourPart.Write(page, input);
        TextSuspectsPart.Write(page, input);
        page
            .Gate(manifest.Gate)
            .Heading("Limits of use").List(Limits(input))
            .Replay($"dotnet run --project training/Cli -- train text --contract contract.json --data DATA.csv --out again");
        return new Dictionary<string, byte[]>([.. page.Files(), .. TextSuspectsPart.Files(input)]);
    }

    private static void Intents(CardPage page, TextCardInput input, int[] scoped)
    {
        page.Heading("Intents").Table("Each intent on the holdout, before the threshold", ["Intent", "#Texts", "#Precision", "#Recall", "#F1"], input.Intents.Select((name, intent) =>
        {
            var support = scoped.Count(i => input.Labels[i] == intent);
            var said = scoped.Count(i => input.Predicted[i] == intent);
            var hits = scoped.Count(i => input.Labels[i] == intent && input.Predicted[i] == intent);
            return new CardCell[] { name, CardParts.Count(support), Ratio(hits, said), Ratio(hits, support), Ratio(2 * hits, said + support) };
        }));
        var confusions = scoped.Where(i => input.Labels[i] != input.Predicted[i])
            .CountBy(i => (True: input.Labels[i], Said: input.Predicted[i]))
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key)
            .Take(MostConfusions)
            .Select(c => new CardCell[] { input.Intents[c.Key.True], input.Intents[c.Key.Said], CardParts.Count(c.Value) })
            .ToList();
        page.Subheading("Most frequent confusions");
        if (confusions.Count == 0) page.Text("No held-out text was given another intent.");
        else page.Table("What was taken for what", ["True intent", "Said instead", "#Texts"], confusions);
    }

    private static CardCell Ratio(int part, int whole) =>
        whole == 0 ? "no texts" : CardCell.Filled((100.0 * part / whole).ToString("0.0' %'", CultureInfo.InvariantCulture), (double)part / whole);

    private static IEnumerable<string> Limits(TextCardInput input) =>
    [
        "It knows the words of the texts that it learned from. Other languages, new products and new ways to ask come out as none or as a wrong intent: read what it turns away, label it, and train again.",
        "It gives one intent for a message. A message with two wishes gets one of them, or is called ambiguous.",
        "The probabilities hold for messages like those of the holdout, in which every intent comes as often as in the data.",
        input.Labels.Contains(-1)
            ? "The threshold of none was checked on the out-of-scope texts of the data, which also chose by which number it tells; people will find others."
            : "The data have no out-of-scope texts, so nobody has checked how many of those are turned away.",
        "It routes messages and decides nothing about a customer. Offer a person to those whom it does not understand.",
        "Who talks to a chatbot must be told that it is a machine, unless that is obvious: Regulation (EU) 2024/1689 (AI Act), Art. 50(1). Every answer carries the sentence of the contract's 'aiDisclosure'; the front end that uses this model has to show it at the first contact.",
    ];
}
