using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>
/// What a drop in parts consists of: <c>drops/{family}/{portfolio}/{name}.drop.json</c>, which comes after its parts
/// (<c>{name}.parts/{part}</c> beside it) and starts the run.
/// </summary>
public sealed partial record DropManifest
{
    /// <summary>Version of the form that manifests are written in.</summary>
    public const int Form = 1;

    /// <summary>Largest manifest: 1 MB.</summary>
    internal const long MaxBytes = 1L << 20;

    private const int MostParts = 1000;

    /// <summary>Version of the form that this manifest is written in.</summary>
    public int SchemaVersion { get; init; } = Form;

    /// <summary>The parts, in the order in which they are read.</summary>
    public required IReadOnlyList<ListedPart> Parts { get; init; }

    /// <summary>The day on which the outcomes were looked up; wins over the contract's.</summary>
    public DateOnly? ObservedOn { get; init; }

    /// <summary>Whether this drop is all rows or adds to the earlier ones; absent: as the contract says.</summary>
    public DropMode? Mode { get; init; }

    /// <summary>Reads and checks a manifest; rejected with every fault.</summary>
    /// <param name="json">The manifest.</param>
    /// <param name="contract">What the drop must keep to.</param>
    /// <param name="forms">What its family's drops consist of.</param>
    public static Outcome<DropManifest> Read(ReadOnlyMemory<byte> json, DataContract contract, DropForms forms)
    {
        DropManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<DropManifest>(json.Span, Json.Options);
        }
        catch (JsonException error)
        {
            return Outcome<DropManifest>.Reject($"The manifest cannot be read at '{error.Path ?? "$"}': write it with 'serverless drops upload', or mend it there.");
        }

        if (manifest is null || manifest.Parts.Any(p => p is null)) return Outcome<DropManifest>.Reject("The manifest must be an object with its parts, and none of them may be null.");
        List<string> faults = [.. manifest.Faults(contract, forms)];
        return faults.Count > 0 ? Outcome<DropManifest>.Reject(faults) : manifest;
    }

    private IEnumerable<string> Faults(DataContract contract, DropForms forms)
    {
        if (SchemaVersion != Form) yield return $"schemaVersion must be {Form}: this program knows no other form of manifests.";
        if (Parts.Count is 0 or > MostParts) yield return $"The manifest lists {Parts.Count} parts and must list 1 to {MostParts}.";
        for (var i = 0; i < Parts.Count; i++)
        {
            foreach (var fault in Parts[i].Faults(forms)) yield return $"Part {i + 1}: {fault}";
        }

        foreach (var name in Parts.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).Where(n => Names.File.Allows(n)))
            yield return $"Part '{name}' is listed more than once: list each part once.";
        foreach (var twin in Parts.GroupBy(p => p.Sha256, StringComparer.Ordinal).Where(g => g.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count() > 1 && Hash().IsMatch(g.Key)))
            yield return $"Parts {string.Join(" and ", twin.Select(p => $"'{p.Name}'"))} have the same content: list it once.";
        var bytes = Parts.Sum(p => (decimal)p.Bytes);
        if (bytes > contract.Limits.MaxBytes)
            yield return string.Create(CultureInfo.InvariantCulture, $"The parts have {bytes} bytes together and may have {contract.Limits.MaxBytes}: drop less at a time, or raise limits.maxBytes of the contract.");
        if (Mode == DropMode.Increment && contract.Drops != DropMode.Increment)
            yield return "mode must not be 'increment', because the contract's drops are 'full' and no earlier rows are kept: activate a contract with \"drops\": \"increment\" first.";
    }

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    internal static partial Regex Hash();
}

/// <summary>A part of a drop, as its manifest lists it.</summary>
/// <param name="Name">File name in the drop's folder of parts; ends as those of its family do.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 (hex, lower case) of its content.</param>
public sealed record ListedPart(string Name, long Bytes, string Sha256)
{
    /// <summary>Its rows, where whoever wrote it counted them.</summary>
    public int? Rows { get; init; }

    /// <summary>What is wrong with the entry; a name that is not one is not repeated.</summary>
    internal IEnumerable<string> Faults(DropForms forms)
    {
        if (!Names.File.Allows(Name)) yield return $"its {Names.File.Fault}";
        else if (!forms.IsPart(Name)) yield return forms.PartFault(Name);
        if (Bytes < 1) yield return "bytes must be 1 or more.";
        if (!DropManifest.Hash().IsMatch(Sha256)) yield return "sha256 must be 64 hexadecimal digits in lower case.";
        if (Rows < 0) yield return "rows must be 0 or more.";
    }
}
