using System.Globalization;

namespace Serverless.Serving;

/// <summary>What can be wrong with the part of a contract that every family has.</summary>
internal static class CommonFaults
{
    /// <summary>Every fault, each with what to do.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="family">The family that reads it.</param>
    /// <param name="floors">The family's metrics that can have a least value.</param>
    public static IEnumerable<string> Of(DataContract contract, string family, IReadOnlyList<string> floors)
    {
        if (contract.Family != family) yield return $"The contract is of another family: write \"family\": \"{family}\".";
        if (!Names.Portfolio.Allows(contract.Portfolio)) yield return $"The {Names.Portfolio.Fault}";
        // The version names a file beside active.json.
        if (!Names.ContractVersion.Allows(contract.Version) || contract.Version == "active") yield return $"The {Names.ContractVersion.Fault} 'active' is taken.";

        foreach (var fault in MemberFaults.Of(contract)) yield return fault;
        foreach (var fault in FormatFaults.Of(contract.Format)) yield return fault;
        foreach (var (metric, floor) in contract.Gate.Floors)
        {
            if (!floors.Contains(metric)) yield return $"'gate.floors' names '{metric}', which has no floor: use {string.Join(", ", floors)}.";
            else if (floor is not (>= 0 and <= 1)) yield return string.Create(CultureInfo.InvariantCulture, $"'gate.floors.{metric}' must lie between 0 and 1.");
        }
    }
}
