using Serverless.Serving.Documents;
using Serverless.Training.Samples;

namespace Serverless.Training.Documents;

/// <summary>
/// Trains the model of key fields on papers that nobody has seen: they are set, not drawn, with nominal widths of letters, and read with mistakes.
/// So it needs neither fonts nor a reader, and the same count and seed give the same weights.
/// </summary>
public static class FieldTrainer
{
    /// <summary>Papers that the included model was trained on.</summary>
    public const int IncludedPapers = 12_000;

    /// <summary>Seed of the included model.</summary>
    public const int IncludedSeed = 41;

    private const double LeastLikeness = 0.75;

    // Receipts differ most from each other, so they are most; in ten papers one has no fields.
    private static readonly PaperKind[] Turns = [PaperKind.Receipt, PaperKind.Payslip, PaperKind.Receipt, PaperKind.Statement, PaperKind.Receipt, PaperKind.Payslip, PaperKind.Receipt, PaperKind.Statement, PaperKind.Identity, PaperKind.Receipt, PaperKind.Form];

    /// <summary>Trains it.</summary>
    /// <param name="papers">How many are made; every sixth is held out for calibration.</param>
    /// <param name="seed">The only source of chance.</param>
    /// <param name="progress">Gets how far it is.</param>
    /// <param name="cancel">Stops between papers.</param>
    public static FieldModel Train(int papers, int seed, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var held = papers / 6;
        var kinds = new ConditionalLogit();
        List<(Sheet Sheet, ReadPage Page)> pages = [];
        for (var i = 0; i < papers; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress.Report(new("making papers", 0.4 * i / papers));
            var draws = Draws.For(i, seed);
            var sheet = DocumentSample.Sheet(draws, Turns[i % Turns.Length], Typefaces.Nominal);
            var page = SimulatedReading.Of(sheet, draws);
            pages.Add((sheet, page));
            kinds.Add(FieldChoices.KindsOf(page), [.. Enum.GetValues<PaperKind>().Select(k => k == sheet.Kind)]);
        }

        var kindWeights = kinds.Fit(held, 4, seed);
        Dictionary<KeyFieldName, FieldWeights> weights = [];
        foreach (var company in new[] { true, false }) // first, since addresses are looked for from there
        {
            var fields = Enum.GetValues<KeyFieldName>().Where(n => (n == KeyFieldName.Company) == company).ToDictionary(n => n, _ => new ConditionalLogit());
            for (var i = 0; i < papers; i++)
            {
                cancel.ThrowIfCancellationRequested();
                progress.Report(new("finding candidates", (company ? 0.4 : 0.6) + (0.2 * i / papers)));
                var (sheet, page) = pages[i];
                var draws = Draws.For(i, seed + 1);
                Add(fields, sheet, FieldChoices.Of(page, draws.Chance(0.1) ? null : Likeliest(kindWeights, page), weights.GetValueOrDefault(KeyFieldName.Company)));
            }

            progress.Report(new("weighing", company ? 0.6 : 0.8));
            foreach (var (name, logit) in fields) weights[name] = logit.Fit(logit.Count / 6, 8, seed);
        }

        return new() { Kinds = kindWeights, Fields = weights.OrderBy(w => w.Key).ToDictionary() };
    }

    private static PaperKind Likeliest(FieldWeights weights, ReadPage page)
    {
        var utilities = FieldChoices.KindsOf(page).Select(weights.Utility).ToList();
        return (PaperKind)utilities.IndexOf(utilities.Max());
    }

    private static void Add(Dictionary<KeyFieldName, ConditionalLogit> fields, Sheet sheet, FieldChoices choices)
    {
        var truth = PrintedLines.Fields(sheet, DocumentSample.Still);
        foreach (var (name, logit) in fields)
        {
            var candidates = choices.Fields[name];
            if (candidates.Count == 0) continue;
            bool[] right = truth.TryGetValue(name, out var field) ? [.. Right(name, candidates, field), false] : [.. candidates.Select(_ => false), true];
            if (right.Contains(true)) logit.Add([.. candidates.Select(c => c.Features), choices.None], right); // else it was read too badly to learn from
        }
    }

    private static IEnumerable<bool> Right(KeyFieldName name, IReadOnlyList<FieldChoice> candidates, TruthField truth)
    {
        if (name is not (KeyFieldName.Company or KeyFieldName.Address)) return candidates.Select(c => c.Normalised == truth.Normalised);
        var likeness = candidates.Select(c => EditDistance.Likeness(c.Value, truth.Value)).ToList();
        var most = likeness.Max();
        return likeness.Select(l => l >= LeastLikeness && l == most);
    }
}
