using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training.Contracts;

/// <summary>How a contract's versions follow each other where a program has to choose.</summary>
public static class ContractVersions
{
    /// <summary>The version after one, by its last number: 4 after 3, 2026-07 after 2026-06, draft.2 after draft; none that is taken.</summary>
    public static string Next(string version, IReadOnlyCollection<string> taken)
    {
        do version = After(version);
        while (taken.Contains(version));
        return version;
    }

    private static string After(string version)
    {
        var digits = version.Length - version.AsSpan().TrimEnd("0123456789").Length;
        digits = Math.Min(digits, 9);
        if (digits == 0) return Fitting(version, ".2");
        var number = int.Parse(version.AsSpan(version.Length - digits), CultureInfo.InvariantCulture) + 1;
        return Fitting(version[..^digits], number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0'));
    }

    private static string Fitting(string stem, string end)
    {
        var version = stem[..Math.Min(stem.Length, 50 - end.Length)] + end;
        return Names.ContractVersion.Check(version);
    }
}
