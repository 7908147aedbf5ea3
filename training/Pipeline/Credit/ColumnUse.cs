using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What an input column tells, and whether the scorecard uses it.</summary>
/// <param name="Name">The contract's column.</param>
/// <param name="InformationValue">Its information value on the rows that the scorecard was fitted on (Siddiqi 2006).</param>
/// <param name="Bins">Number of its ordinary bins.</param>
/// <param name="NotUsed">Why it gives no points, with the figure; null where it does.</param>
public sealed record ColumnUse(string Name, double InformationValue, int Bins, string? NotUsed)
{
    /// <summary>Judges every column before the regression, by what it tells alone and what others tell of it.</summary>
    /// <param name="found">The columns' bins.</param>
    /// <param name="prebins">The columns in steps.</param>
    /// <param name="rules">Least information value and greatest correlation.</param>
    internal static ColumnUse[] Judge(ColumnBins[] found, Prebins[] prebins, ScorecardRules rules)
    {
        var uses = Array.ConvertAll(found, bins => new ColumnUse(bins.Column.Name, bins.InformationValue, bins.Column.MissingBin, null));
        for (var c = 0; c < uses.Length; c++)
        {
            if (uses[c].InformationValue < rules.MinInformationValue)
                uses[c] = uses[c] with { NotUsed = string.Create(CultureInfo.InvariantCulture, $"information value {uses[c].InformationValue:0.####} is below {rules.MinInformationValue}") };
        }

        if (rules.MaxCorrelation >= 1) return uses;
        List<int> kept = [];
        foreach (var c in Enumerable.Range(0, uses.Length).Where(c => uses[c].NotUsed is null).OrderByDescending(c => uses[c].InformationValue))
        {
            var near = kept.Select(k => (Column: k, Correlation: Correlation(found[c], prebins[c].Codes, found[k], prebins[k].Codes)))
                .FirstOrDefault(near => Math.Abs(near.Correlation) > rules.MaxCorrelation, (-1, 0));
            if (near.Column < 0) kept.Add(c);
            else uses[c] = uses[c] with { NotUsed = string.Create(CultureInfo.InvariantCulture, $"its weight of evidence correlates {near.Correlation:0.###} with that of '{uses[near.Column].Name}', which tells more; {rules.MaxCorrelation} is the most") };
        }

        return uses;
    }

    /// <summary>The same after the fit.</summary>
    /// <param name="coefficient">Its coefficient in the regression; 0 where it was not in it.</param>
    /// <param name="gives">Whether it gives points.</param>
    /// <param name="rules">How it was fitted.</param>
    /// <param name="trend">The contract's trend.</param>
    internal ColumnUse After(double coefficient, bool gives, ScorecardRules rules, Monotone trend)
    {
        if (NotUsed is not null || gives) return this;
        var figure = string.Create(CultureInfo.InvariantCulture, $"information value {InformationValue:0.####}");
        return this with
        {
            NotUsed = coefficient > 0 ? $"its points round to 0 ({figure})"
                : Bins <= 1 && trend is Monotone.Increasing or Monotone.Decreasing ? $"shows no {trend.ToString().ToLowerInvariant()} risk, which the contract asks for ({figure})"
                : Bins <= 1 ? $"tells good from bad no better than chance ({figure})"
                : rules.Lasso > 0 ? string.Create(CultureInfo.InvariantCulture, $"adds too little to the other columns: coefficient 0 under lasso {rules.Lasso} ({figure})")
                : $"adds nothing to the other columns: coefficient 0, where none may be negative ({figure})",
        };
    }

    private static double Correlation(ColumnBins left, int[] leftCodes, ColumnBins right, int[] rightCodes)
    {
        double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
        for (var place = 0; place < leftCodes.Length; place++)
        {
            var (a, b) = (left.Woe[left.BinOfCode[leftCodes[place]]], right.Woe[right.BinOfCode[rightCodes[place]]]);
            (x, y, xx, yy, xy) = (x + a, y + b, xx + (a * a), yy + (b * b), xy + (a * b));
        }

        var n = leftCodes.Length;
        var spread = (xx - (x * x / n)) * (yy - (y * y / n));
        return spread > 1e-12 ? (xy - (x * y / n)) / Math.Sqrt(spread) : 0;
    }
}
