using System.Security.Cryptography;
using System.Text;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The name of a drop, which says what it is for: <c>{family}/{portfolio}/{file}.csv</c>.</summary>
internal sealed record DropName(string Family, string Portfolio, string File)
{
    /// <summary>Largest CSV that may be dropped: 64 MB.</summary>
    public const long MaxBytes = 64L << 20;

    private const int MostCharacters = 1024, LongestStored = 900;

    /// <summary>The folder of all drops of the portfolio, with the slash.</summary>
    public string Folder => $"{Family}/{Portfolio}/";

    /// <summary>Reads a name; rejected with every fault of name and size.</summary>
    /// <param name="name">Name of the blob.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="families">Names of the families that can be trained.</param>
    public static Outcome<DropName> Read(string name, long bytes, IEnumerable<string> families)
    {
        List<string> faults = [];
        if (name.Split('/') is not [var family, var portfolio, var file])
            return Outcome<DropName>.Reject("The drop's name must be {family}/{portfolio}/{file}.csv, such as credit/consumer/2026-03.csv.");
        var known = families.Order(StringComparer.Ordinal).ToList();
        if (!known.Contains(family)) faults.Add($"family, the first part of the drop's name, must be one of {string.Join(", ", known.Select(f => $"'{f}'"))}.");
        if (!Names.Portfolio.Allows(portfolio)) faults.Add(Names.Portfolio.Fault);
        if (!Names.File.Allows(file)) faults.Add(Names.File.Fault);
        if (!file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) faults.Add("The drop must be a CSV file whose name ends in .csv.");
        if (bytes > MaxBytes) faults.Add($"The drop has {bytes} bytes and may have {MaxBytes} (64 MB): split it, or leave out columns that the contract ignores.");
        return faults.Count > 0 ? Outcome<DropName>.Reject(faults) : new DropName(family, portfolio, file);
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
