using System.Security.Cryptography;
using System.Text;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The name of a drop, which says what it is for: <c>{family}/{portfolio}/{file}</c>, a file or the manifest of one in parts.</summary>
internal sealed record DropName(string Family, string Portfolio, string File)
{
    /// <summary>Largest file that may be dropped by itself: 64 MB.</summary>
    public const long MaxBytes = 64L << 20;

    /// <summary>How the name of a manifest ends.</summary>
    public const string ManifestEnding = ".drop.json";

    /// <summary>How the name of the folder ends in which the parts of a drop lie.</summary>
    public const string PartsEnding = ".parts";

    private const int MostCharacters = 1024, LongestStored = 900;
    private const string Form = "The drop's name must be {family}/{portfolio}/{file}.csv, such as credit/consumer/2026-03.csv.";

    /// <summary>The folder of all drops of the portfolio, with the slash.</summary>
    public string Folder => $"{Family}/{Portfolio}/";

    /// <summary>Whether the drop lists its parts instead of being the file.</summary>
    public bool IsManifest => IsManifestName(File);

    /// <summary>Reads a name; rejected with every fault of name and size.</summary>
    /// <param name="name">Name of the blob.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="families">The families that can be trained, and the forms of their drops.</param>
    public static Outcome<DropName> Read(string name, long bytes, IReadOnlyDictionary<string, DropForms> families)
    {
        List<string> faults = [];
        if (name.Split('/') is not [var family, var portfolio, var file]) return Outcome<DropName>.Reject(Form);
        var known = families.Keys.Order(StringComparer.Ordinal).ToList();
        var forms = families.GetValueOrDefault(family, DropForms.Tables);
        if (!known.Contains(family)) faults.Add($"family, the first part of the drop's name, must be one of {string.Join(", ", known.Select(f => $"'{f}'"))}.");
        if (!Names.Portfolio.Allows(portfolio)) faults.Add(Names.Portfolio.Fault);
        if (!Names.File.Allows(file)) faults.Add(Names.File.Fault);
        if (!IsManifestName(file) && !forms.IsAlone(file)) faults.Add($"The drop must be {forms.Words}, or a manifest whose name ends in .drop.json.");
        if (IsManifestName(file) && bytes > DropManifest.MaxBytes) faults.Add($"The manifest has {bytes} bytes and may have {DropManifest.MaxBytes} (1 MB): drop fewer, larger parts.");
        if (!IsManifestName(file) && bytes > MaxBytes) faults.Add($"The drop has {bytes} bytes and may have {MaxBytes} (64 MB): drop it in parts with a manifest, as 'serverless drops upload' does.");
        return faults.Count > 0 ? Outcome<DropName>.Reject(faults) : new DropName(family, portfolio, file);
    }

    /// <summary>Whether a blob is a part of a drop, and so no drop by itself: it lies deeper than drops do.</summary>
    public static bool IsPart(string name) => name.Count(c => c == '/') > 2;

    /// <summary>Whether a blob or file name is that of a manifest.</summary>
    public static bool IsManifestName(string name) => name.EndsWith(ManifestEnding, StringComparison.Ordinal);

    /// <summary>The folder of the parts that a manifest lists, with the slash.</summary>
    /// <param name="manifest">Name of the manifest's blob.</param>
    public static string PartsOf(string manifest) => $"{manifest[..^ManifestEnding.Length]}{PartsEnding}/";

    /// <summary>The manifest that would list a part.</summary>
    /// <param name="part">Name of the part's blob.</param>
    public static string ManifestOf(string part)
    {
        var folder = string.Join('/', part.Split('/').Take(3));
        return $"{(folder.EndsWith(PartsEnding, StringComparison.Ordinal) ? folder[..^PartsEnding.Length] : folder)}{ManifestEnding}";
    }

    /// <summary>
    /// Whether the name can name a blob of its container. The parts "." and ".." would lead out of it, since clients and servers
    /// resolve them, and with them a delivery could have any blob of the account moved away.
    /// </summary>
    public static bool StaysInside(string name) =>
        name.Length is > 0 and <= MostCharacters && !name.Split('/', '\\').Any(part => part is "." or "..") && !name.Any(char.IsControl);

    /// <summary>The name as part of the name of another blob, which may have 1,024 characters too: a very long one is cut and told apart by its hash.</summary>
    public static string Stored(string name) =>
        name.Length <= LongestStored ? name : $"{name[..LongestStored]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}";
}
