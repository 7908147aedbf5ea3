using System.Text.Json;

namespace Serverless.Serving.Documents;

/// <summary>
/// Chooses among candidates: a conditional logit (McFadden 1974) for each field, in which the candidates of a page and the answer that there is none
/// compete. Every candidate's utility is the sum of its features' weights. Candidates with the same normalised value are one answer.
/// </summary>
public sealed record FieldModel
{
    /// <summary>Utility of the answer that a page does not have the field.</summary>
    internal const string None = "none";

    /// <summary>Confidence below which a person must look.</summary>
    public double Threshold { get; init; } = 0.8;

    /// <summary>Weights for each field.</summary>
    public required IReadOnlyDictionary<KeyFieldName, FieldWeights> Fields { get; init; }

    /// <summary>Weights for the kind of paper.</summary>
    public required FieldWeights Kinds { get; init; }

    /// <summary>The model that comes with the program, trained on generated papers: <c>serverless documents train-fields</c> makes its file again.</summary>
    public static FieldModel Included { get; } = Read();

    /// <summary>The kind of a paper; null where none has half of the probability.</summary>
    internal PaperKind? KindOf(PageLayout page)
    {
        if (page.Lines.Count == 0) return null;
        var shares = Shares([.. KindFeatures.Of(page).Select(Kinds.Utility)], Kinds.Temperature);
        var best = Array.IndexOf(shares, shares.Max());
        return shares[best] >= 0.5 ? (PaperKind)best : null;
    }

    /// <summary>What may be the value of a field.</summary>
    /// <param name="name">The field.</param>
    /// <param name="page">The page.</param>
    /// <param name="kind">Kind of paper, if it is known.</param>
    /// <param name="issuer">Lines of the likeliest company.</param>
    internal static List<Candidate> Candidates(KeyFieldName name, PageLayout page, PaperKind? kind, IReadOnlyList<PageLine> issuer) =>
    [
        .. name switch
        {
            KeyFieldName.Company => CompanyCandidates.Of(page, kind),
            KeyFieldName.Date => ValueCandidates.Dates(page, kind),
            KeyFieldName.Address => AddressCandidates.Of(page, kind, issuer),
            KeyFieldName.Total => ValueCandidates.Totals(page, kind),
            KeyFieldName.Account => ValueCandidates.Accounts(page, kind),
            _ => ValueCandidates.Ibans(page, kind),
        },
    ];

    /// <summary>Lines of the likeliest company, though there may be none; addresses are looked for from there.</summary>
    internal static IReadOnlyList<PageLine> Issuer(IEnumerable<Candidate> companies, FieldWeights weights) =>
        companies.MaxBy(c => weights.Utility(c.Features)) is { } best ? [.. best.Parts.Select(p => p.Line)] : [];

    /// <summary>Features of the answer that there is none.</summary>
    internal static IReadOnlyList<(string Name, double Value)> NoneFeatures(PaperKind? kind) => [(None, 1), (kind is { } k ? NoneOf[(int)k] : "none:unknown", 1)];

    /// <summary>The most probable value of a field; null where most probably there is none.</summary>
    internal KeyField? Best(KeyFieldName name, IReadOnlyList<Candidate> candidates, PaperKind? kind)
    {
        if (candidates.Count == 0) return null;
        var weights = Fields[name];
        var shares = Shares([.. candidates.Select(c => weights.Utility(c.Features)), weights.Utility(NoneFeatures(kind))], weights.Temperature);
        var best = candidates.Index().GroupBy(c => c.Item.Normalised).Select(g => (Share: g.Sum(c => shares[c.Index]), First: g.MaxBy(c => shares[c.Index]).Item)).MaxBy(g => g.Share);
        if (shares[^1] >= 0.5) return null; // not where it is merely likelier than any one of many that are much the same
        var confidence = Math.Round(Math.Min(1, best.Share), 4);
        return new(best.First.Value, best.First.Normalised, confidence, best.First.Box(), confidence < Threshold || best.First.Doubtful) { Currency = best.First.Currency };
    }

    /// <summary>Probabilities from utilities.</summary>
    internal static double[] Shares(double[] utilities, double temperature)
    {
        var most = utilities.Max();
        var shares = utilities.Select(u => Math.Exp((u - most) / temperature)).ToArray();
        var sum = shares.Sum();
        return [.. shares.Select(s => s / sum)];
    }

    private static readonly string[] NoneOf = [.. Enum.GetNames<PaperKind>().Select(k => "none:" + k)];

    private static FieldModel Read()
    {
        using var stream = typeof(FieldModel).Assembly.GetManifestResourceStream("fields.json") ?? throw new InvalidOperationException("The program was built without its field model.");
        return JsonSerializer.Deserialize<FieldModel>(stream, Json.Options) ?? throw new InvalidOperationException("The field model is empty.");
    }
}

/// <summary>The weights of a choice.</summary>
/// <param name="Temperature">Utilities are divided by it, so that probabilities are as often right as they say.</param>
/// <param name="Weights">By feature; others count nothing.</param>
public sealed record FieldWeights(double Temperature, IReadOnlyDictionary<string, double> Weights)
{
    /// <summary>The sum of the weights of features, each times its value.</summary>
    public double Utility(IReadOnlyList<(string Name, double Value)> features)
    {
        var sum = 0.0;
        foreach (var (name, value) in features) sum += Weights.TryGetValue(name, out var weight) ? weight * value : 0;
        return sum;
    }
}
