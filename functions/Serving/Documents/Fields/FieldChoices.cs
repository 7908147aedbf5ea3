namespace Serverless.Serving.Documents;

/// <summary>What a model chooses among on a page, for training one.</summary>
/// <param name="Kinds">Features of each kind of paper, in the order of <see cref="PaperKind"/>.</param>
/// <param name="Fields">For each field what may be its value.</param>
/// <param name="None">Features of the answer that there is no value.</param>
public sealed record FieldChoices(
    IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Kinds, IReadOnlyDictionary<KeyFieldName, IReadOnlyList<FieldChoice>> Fields, IReadOnlyList<(string Name, double Value)> None)
{
    /// <summary>The features of the kinds alone.</summary>
    public static IReadOnlyList<IReadOnlyList<(string Name, double Value)>> KindsOf(ReadPage page) => KindFeatures.Of(new PageLayout(page));

    /// <summary>The choices of a page.</summary>
    /// <param name="page">Its lines.</param>
    /// <param name="kind">Kind of paper that is assumed.</param>
    public static FieldChoices Of(ReadPage page, PaperKind? kind)
    {
        var layout = new PageLayout(page);
        return new(
            KindFeatures.Of(layout),
            Enum.GetValues<KeyFieldName>().ToDictionary(n => n, n => (IReadOnlyList<FieldChoice>)[.. FieldModel.Candidates(n, layout, kind).Select(c => new FieldChoice(c.Value, c.Normalised, c.Features))]),
            FieldModel.NoneFeatures(kind));
    }
}

/// <summary>What may be the value of a field.</summary>
/// <param name="Value">As read.</param>
/// <param name="Normalised">In one form.</param>
/// <param name="Features">What speaks for and against it.</param>
public sealed record FieldChoice(string Value, string Normalised, IReadOnlyList<(string Name, double Value)> Features);
