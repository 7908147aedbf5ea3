using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The name of a drop, which says what it is for: <c>{family}/{portfolio}/{file}.csv</c>.</summary>
internal sealed record DropName(string Family, string Portfolio, string File)
{
    /// <summary>Largest CSV that may be dropped: 64 MB.</summary>
    public const long MaxBytes = 64L << 20;

    /// <summary>Reads a name; rejected with every fault of name and size.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="families">Names of the families that can be trained.</param>
    public static Outcome<DropName> Read(DropBlob drop, IEnumerable<string> families)
    {
        List<string> faults = [];
        if (drop.Name.Split('/') is not [var family, var portfolio, var file])
            return Outcome<DropName>.Reject("The drop's name must be {family}/{portfolio}/{file}.csv, such as credit/consumer/2026-03.csv.");
        var known = families.Order(StringComparer.Ordinal).ToList();
        if (!known.Contains(family)) faults.Add($"family, the first part of the drop's name, must be one of {string.Join(", ", known.Select(f => $"'{f}'"))}.");
        if (!Names.Portfolio.Allows(portfolio)) faults.Add(Names.Portfolio.Fault);
        if (!Names.File.Allows(file)) faults.Add(Names.File.Fault);
        if (!file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) faults.Add("The drop must be a CSV file whose name ends in .csv.");
        if (drop.Bytes > MaxBytes) faults.Add($"The drop has {drop.Bytes} bytes and may have {MaxBytes} (64 MB): split it, or leave out columns that the contract ignores.");
        return faults.Count > 0 ? Outcome<DropName>.Reject(faults) : new DropName(family, portfolio, file);
    }
}
