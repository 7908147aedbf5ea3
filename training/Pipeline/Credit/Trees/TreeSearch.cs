using Serverless.Serving.Credit;
using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Credit.Trees;

/// <summary>
/// Seeded successive halving (Jamieson and Talwalkar 2016): many settings get a few rounds, the best third of them goes on with three times as many.
/// All learn at the same rate meanwhile, so that losses compare; at the end the best is tried at slower rates. The budget is in rounds, so
/// that the same data give the same settings on any machine.
/// </summary>
internal sealed class TreeSearch : IDisposable
{
    private const int Keep = 3, FirstRounds = 30, MaxCandidates = 27;
    private const double SearchRate = 0.1;
    private const double Cells = 1_000_000, MostTimes = 8;

    private readonly TreeProblem _problem;
    private readonly TreeRules _rules;
    private readonly IReadOnlyList<int[]> _parts;
    private readonly (BoostingData Train, BoostingData Held)[] _data;
    private readonly Random _random;

    public TreeSearch(TreeProblem problem, CreditRows rows, TreeRules rules)
    {
        (_problem, _rules) = (problem, rules);
        _parts = ValidationParts.Of(rows, problem.On, rules.ValidationShare);
        _data = [.. _parts.Select(held => (problem.Data.Subset(Others(held, problem.On.Length)), problem.Data.Subset(held)))];
        _random = new Random(rows.Contract.Training.Seed);
    }

    /// <summary>The parts held out.</summary>
    public IReadOnlyList<int[]> Parts => _parts;

    /// <summary>Finds the best settings and the number of rounds; the caller disposes of what it gets.</summary>
    /// <param name="known">Settings that are known, of which only the rounds are sought; null to search.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it, between rounds.</param>
    public TreeCandidate Run(TreeParameters? known, Action<double> progress, CancellationToken cancel)
    {
        // A round of a candidate grows a tree for each part. Half of the budget is for the search, half for the winner's end.
        var cost = _parts.Sum(held => 1 - (held.Length / (double)_problem.On.Length));
        var budget = _rules.SearchRounds * Math.Min(MostTimes, Cells / (_problem.On.Length * (double)_problem.Features.Count)) / cost;
        var candidates = known is null ? Math.Clamp((int)(budget / 2 / (FirstRounds * 2)), 1, MaxCandidates) : 1;
        List<TreeCandidate> open = [.. Enumerable.Range(0, candidates).Select(c => Candidate(known ?? (c == 0 ? new TreeParameters { LearningRate = SearchRate } : Draw())))];
        try
        {
            var spent = 0;
            for (var (rounds, share) = (FirstRounds, 0.0); ; rounds *= Keep)
            {
                foreach (var candidate in open)
                {
                    spent += candidate.Advance(Math.Min(rounds, _rules.MaxRounds), _rules.Patience, cancel);
                    progress(share += (1 - share) / (2 * candidates));
                }

                if (open.Count == 1) break;
                open = Best(open, (open.Count + Keep - 1) / Keep);
            }

            spent += open[0].Advance(_rules.MaxRounds, _rules.Patience, cancel);
            return known is null && spent + (Keep * open[0].Rounds) <= 2 * budget ? Slower(open, cancel) : open[0];
        }
        catch
        {
            foreach (var candidate in open) candidate.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (train, held) in _data)
        {
            train.Dispose();
            held.Dispose();
        }
    }

    // A slower rate costs rounds in proportion and rarely loses.
    private TreeCandidate Slower(List<TreeCandidate> open, CancellationToken cancel)
    {
        var best = open[0];
        var rate = Math.Max(SearchRate / Keep, SearchRate * best.BestRound / _rules.MaxRounds);
        if (rate >= SearchRate * 0.9) return best;
        open.Add(Candidate(best.Parameters with { LearningRate = rate }));
        open[1].Advance(_rules.MaxRounds, _rules.Patience * Keep, cancel);
        return Best(open, 1)[0];
    }

    private static List<TreeCandidate> Best(List<TreeCandidate> open, int keep)
    {
        List<TreeCandidate> ordered = [.. open.OrderBy(c => c.Loss)];
        foreach (var worse in ordered.Skip(keep)) worse.Dispose();
        return ordered[..keep];
    }

    private TreeCandidate Candidate(TreeParameters parameters)
    {
        var text = _problem.Parameters(parameters, threads: _parts.Count > 1 ? 1 : 2);
        return new TreeCandidate(parameters, [.. _data.Select(d => new Booster(d.Train, text, d.Held))]);
    }

    private TreeParameters Draw() => new()
    {
        LearningRate = SearchRate,
        Leaves = Pick(4, 8, 16, 31, 63),
        MaxDepth = Pick(0, 0, 3, 5),
        MinRows = Pick(5, 10, 20, 50, 100),
        L2 = Pick(0.1, 1, 5, 20, 50),
        ColumnShare = Pick(0.3, 0.5, 0.8, 1),
        RowShare = Pick(0.6, 0.8, 1),
        CategorySmoothing = Pick(5, 10, 30, 100),
        MinCategoryRows = Pick(20, 50, 100),
    };

    private T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    private static int[] Others(int[] held, int count)
    {
        var isHeld = new bool[count];
        foreach (var place in held) isHeld[place] = true;
        return [.. Enumerable.Range(0, count).Where(place => !isHeld[place])];
    }
}
