namespace Serverless.Serving.Documents;

/// <summary>What a model chooses among on a page, for training one.</summary>
/// <param name="Fields">For each field what may be its value.</param>
/// <param name="None">Features of the answer that there is no value.</param>
public sealed record FieldChoices(
    IReadOnlyDictionary<KeyFieldName, IReadOnlyList<FieldChoice>> Fields, IReadOnlyList<(string Name, double Value)> None)
{
    /// <summary>Features of each kind of paper, in the order of <see cref="PaperKind"/>.</summary>
    public static IReadOnlyList<IReadOnlyList<(string Name, double Value)>> KindsOf(ReadPage page) => KindFeatures.Of(new PageLayout(page));

    /// <summary>The choices of a page.</summary>
    /// <param name="page">Its lines.</param>
    /// <param name="kind">Kind of paper that is assumed.</param>
    /// <param name="company">Weights that tell the company, from which addresses are looked for; absent before they are trained, when companies are all that is told.</param>
    public static FieldChoices Of(ReadPage page, PaperKind? kind, FieldWeights? company)
    {
        var layout = new PageLayout(page);
        var issuer = company is null ? [] : FieldModel.Issuer(FieldModel.Candidates(KeyFieldName.Company, layout, kind, []), company);
        return new(
            Enum.GetValues<KeyFieldName>().Where(n => (n == KeyFieldName.Company) == (company is null))
                .ToDictionary(n => n, n => (IReadOnlyList<FieldChoice>)[.. FieldModel.Candidates(n, layout, kind, issuer).Select(c => new FieldChoice(c.Value, c.Normalised, c.Features))]),
            FieldModel.NoneFeatures(kind));
    }
}

/// <summary>What may be the value of a field.</summary>
/// <param name="Value">As read.</param>
/// <param name="Normalised">In one form.</param>
/// <param name="Features">What speaks for and against it.</param>
public sealed record FieldChoice(string Value, string Normalised, IReadOnlyList<(string Name, double Value)> Features);
