using System.Globalization;

namespace Serverless.Serving.Credit;

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
        if (contract.Portfolio.Length is 0 or > 50 || contract.Portfolio.Any(c => c is not (>= 'a' and <= 'z' or >= '0' and <= '9' or '-')))
            yield return "The portfolio has no valid name: use 1 to 50 lower-case letters, digits and hyphens.";
        if (!IsVersion(contract.Version))
            yield return "The version has no valid name: use 1 to 50 letters, digits, hyphens and dots, a letter or digit first; 'active' is taken.";

        var training = contract.Training;
        if (training.Holdout is not (> 0 and <= 0.5)) yield return "'training.holdout' must lie above 0 and be at most 0.5: 0.2 keeps a fifth of the rows for evaluation.";
        if (training.MaxRowsInError is not (>= 0 and <= 1)) yield return "'training.maxRowsInError' must lie between 0 and 1: 0.01 accepts one row in a hundred.";

        var gate = contract.Gate;
        foreach (var (metric, floor) in gate.Floors)
        {
            if (!floors.Contains(metric)) yield return $"'gate.floors' names '{metric}', which has no floor: use {string.Join(", ", floors)}.";
            else if (floor is not (>= 0 and <= 1)) yield return string.Create(CultureInfo.InvariantCulture, $"'gate.floors.{metric}' must lie between 0 and 1.");
        }

        if (gate.Tolerance is not (>= 0 and <= 1)) yield return "'gate.tolerance' must lie between 0 and 1: 0.002 lets a challenger be that much below the champion.";
        if (gate.MinRows < 1) yield return "'gate.minRows' must be 1 or more.";
        if (gate.MinRare < 1) yield return "'gate.minRare' must be 1 or more.";
    }

    // The version names a file beside active.json, so it may be neither that nor a path.
    private static bool IsVersion(string version) => version.Length is > 0 and <= 50 && version != "active"
        && char.IsAsciiLetterOrDigit(version[0]) && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}
