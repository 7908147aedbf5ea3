using System.Runtime.InteropServices;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit.Risk;

/// <summary>Adds up the loans of a grade. All sums are of decimals, so that they are exact and hang on no order.</summary>
/// <param name="odds">Times that the odds grow under each scenario.</param>
internal sealed class GradeTally(double[] odds)
{
    private const int Decimals = 12;

    private readonly (decimal Probability, decimal Loss)[] _stressed = new (decimal, decimal)[odds.Length];
    private readonly Dictionary<int, Day> _days = []; // outcomes by day, since which days are old enough shows only at the end
    private long _loans;
    private decimal _probability, _exposure, _loss;

    /// <summary>Adds a loan.</summary>
    /// <param name="probability">Its probability of going bad.</param>
    /// <param name="exposure">Its exposure at default; 0 where there is no money.</param>
    /// <param name="lgd">Its loss given default, 0 to 1.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="day">Its day since 1970-01-01; 0 where the contract has no date.</param>
    public void Add(double probability, decimal exposure, decimal lgd, LoanOutcome outcome, int day)
    {
        var exact = Exact(probability);
        _loans++;
        _probability += exact;
        _exposure += exposure;
        _loss += Loss(exact, exposure, lgd);
        for (var i = 0; i < odds.Length; i++)
        {
            var stressed = Exact(Stressed(probability, odds[i]));
            _stressed[i].Probability += stressed;
            _stressed[i].Loss += Loss(stressed, exposure, lgd);
        }

        if (outcome == LoanOutcome.None) return;
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_days, day, out _);
        counts.Loans++;
        counts.Predicted += exact;
        if (outcome == LoanOutcome.Bad) counts.Bads++;
    }

    /// <summary>Adds the loans of another tally of the same scenarios.</summary>
    public void Add(GradeTally other)
    {
        (_loans, _probability, _exposure, _loss) = (_loans + other._loans, _probability + other._probability, _exposure + other._exposure, _loss + other._loss);
        foreach (var (i, (probability, loss)) in other._stressed.Index()) _stressed[i] = (_stressed[i].Probability + probability, _stressed[i].Loss + loss);
        foreach (var (day, counted) in other._days)
        {
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_days, day, out _);
            (counts.Loans, counts.Bads, counts.Predicted) = (counts.Loans + counted.Loans, counts.Bads + counted.Bads, counts.Predicted + counted.Predicted);
        }
    }

    /// <summary>The figures.</summary>
    /// <param name="name">Name of the grade.</param>
    /// <param name="band">What it takes.</param>
    /// <param name="scenarios">Names of the scenarios.</param>
    /// <param name="money">Whether the contract states exposures.</param>
    /// <param name="until">The last day whose loans are old enough to have an outcome.</param>
    /// <param name="significance">Of the test.</param>
    public GradeFigures Figures(string name, string band, IReadOnlyList<Scenario> scenarios, bool money, int until, double significance) => new(
        name,
        band,
        _loans,
        Mean(_probability, _loans),
        money ? new(_exposure, _loss) : null,
        Outcomes(until, significance),
        [.. scenarios.Select((s, i) => new StressedGrade(s.Name, Mean(_stressed[i].Probability, _loans), money ? _stressed[i].Loss : null))]);

    /// <summary>A probability whose odds have grown; 0 and 1 stay.</summary>
    internal static double Stressed(double probability, double odds) => probability * odds / (1 - probability + (probability * odds));

    private GradeOutcomes? Outcomes(int until, double significance)
    {
        var mature = _days.Where(d => d.Key <= until).Select(d => d.Value).ToList();
        var (loans, bads, predicted) = (mature.Sum(d => d.Loans), mature.Sum(d => d.Bads), mature.Sum(d => d.Predicted));
        if (loans == 0) return null;
        var mean = Mean(predicted, loans)!.Value;
        var (low, high) = Proportion.Interval(bads, loans);
        var p = JeffreysTest.PValue((double)mean, bads, loans);
        var verdict = p < significance ? CalibrationVerdict.TooLow : p > 1 - significance ? CalibrationVerdict.TooHigh : CalibrationVerdict.Agrees;
        return new(loans, bads, mean, Rounded((double)bads / loans), Rounded(low), Rounded(high), Rounded(p), verdict);
    }

    private static decimal Loss(decimal probability, decimal exposure, decimal lgd) => Math.Round(probability * lgd * exposure, 2, MidpointRounding.ToEven);

    private static decimal? Mean(decimal sum, long rows) => rows == 0 ? null : Math.Round(sum / rows, 8);

    private static decimal Exact(double probability) => Math.Round((decimal)probability, Decimals);

    private static double Rounded(double figure) => Math.Round(figure, 8);

    private struct Day
    {
        public long Loans, Bads;
        public decimal Predicted;
    }
}
