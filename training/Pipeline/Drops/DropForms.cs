namespace Serverless.Training.Drops;

/// <summary>How the names of the files end that a family's drops consist of. What is in them, their first bytes tell.</summary>
/// <param name="Alone">Endings of a file that is a drop by itself.</param>
/// <param name="Parts">Endings of a file that a manifest may list.</param>
/// <param name="Words">The first in words, behind "The drop must be ".</param>
public sealed record DropForms(IReadOnlyList<string> Alone, IReadOnlyList<string> Parts, string Words)
{
    /// <summary>Tables, as most families have.</summary>
    public static DropForms Tables { get; } = new([".csv", ".csv.gz", ".parquet"], [".csv", ".csv.gz", ".parquet"], "a CSV or Parquet file whose name ends in .csv, .csv.gz or .parquet");

    /// <summary>Whether a file may be a drop by itself.</summary>
    public bool IsAlone(string file) => Ends(file, Alone);

    /// <summary>Whether a manifest may list a file.</summary>
    public bool IsPart(string file) => Ends(file, Parts);

    /// <summary>What is wrong with a part that has another ending.</summary>
    internal string PartFault(string file) => $"'{file}' must end in {Listed(Parts)}.";

    /// <summary>The forms of each family, by its name.</summary>
    internal static IReadOnlyDictionary<string, DropForms> Of(IEnumerable<ITrainingFamily> families) => families.ToDictionary(f => f.Serving.Name, f => f.Forms, StringComparer.Ordinal);

    private static bool Ends(string file, IReadOnlyList<string> endings) => endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static string Listed(IReadOnlyList<string> endings) => $"{string.Join(", ", endings.SkipLast(1))} or {endings[^1]}";
}
