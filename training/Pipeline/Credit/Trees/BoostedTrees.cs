using Serverless.Serving.Credit;
using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Credit.Trees;

/// <summary>
/// Trains gradient-boosted trees with LightGBM (Ke et al. 2017) on the log loss: monotone where the contract says so, categories as sets, missing on the
/// side where it fits. The same rows, contract and rules give the same trees.
/// </summary>
public static class BoostedTrees
{
    private const int Few = 8_000, Many = 40_000;

    /// <summary>Whether trees can keep what the contract asks for: a direction that turns once they cannot.</summary>
    public static bool Supports(CreditContract contract) => contract.Columns.All(c => c.Role != ColumnRole.Input || c.Monotone != Monotone.Unimodal);

    /// <summary>Searches settings and fits.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="train">The rows of it to fit on.</param>
    /// <param name="rules">How to train.</param>
    /// <param name="shape">What every tree must keep; null for nothing.</param>
    /// <param name="known">Settings that are known, of which only the rounds are sought; null to search.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it, between rounds.</param>
    /// <exception cref="LightGbmException">The native library refuses the data.</exception>
    public static FittedTrees Fit(CreditRows rows, int[] train, TreeRules rules, TreeShape? shape, TreeParameters? known, Action<double> progress, CancellationToken cancel)
    {
        using var problem = TreeProblem.Of(rows, train, rules, shape ?? new TreeShape());
        cancel.ThrowIfCancellationRequested();
        using var search = new TreeSearch(problem, rows, rules);
        using var best = search.Run(known, share => progress(0.8 * share), cancel);
        var (heldRows, heldRaw) = HeldOut(problem, search, best);
        progress(0.8);

        // What was held out counts in the end: more rows bear more rounds, in less than proportion.
        var rounds = Math.Clamp((int)Math.Round(best.BestRound * Math.Sqrt(train.Length / (double)(train.Length - search.Parts[0].Length))), 1, rules.MaxRounds);
        var trees = Grow(problem, best.Parameters, rounds, cancel);
        progress(1);
        return new FittedTrees(problem.Columns, problem.Features, trees, best.Parameters) { Rounds = rounds, HeldOutRows = heldRows, HeldOutRaw = heldRaw, HeldOutLoss = best.Loss };
    }

    /// <summary>Fits with settings that are known, such as those found without the holdout.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="train">The rows of it to fit on.</param>
    /// <param name="rules">How to train.</param>
    /// <param name="shape">What every tree must keep; null for nothing.</param>
    /// <param name="parameters">The settings.</param>
    /// <param name="rounds">Number of trees.</param>
    /// <param name="cancel">Stops it, between rounds.</param>
    /// <exception cref="LightGbmException">The native library refuses the data or the settings.</exception>
    public static FittedTrees Fit(CreditRows rows, int[] train, TreeRules rules, TreeShape? shape, TreeParameters parameters, int rounds, CancellationToken cancel)
    {
        using var problem = TreeProblem.Of(rows, train, rules, shape ?? new TreeShape());
        return new FittedTrees(problem.Columns, problem.Features, Grow(problem, parameters, rounds, cancel), parameters) { Rounds = rounds };
    }

    // Several models that differ by their random choices, each by its share: their mean errs less than one (Breiman 1996).
    private static List<BoostedTree> Grow(TreeProblem problem, TreeParameters parameters, int rounds, CancellationToken cancel)
    {
        var draws = problem.On.Length < Few ? 3 : problem.On.Length < Many ? 2 : 1;
        List<BoostedTree> grown = [];
        for (var draw = 0; draw < draws; draw++)
        {
            using var booster = new Booster(problem.Data, problem.Parameters(parameters, threads: 2, draw));
            do cancel.ThrowIfCancellationRequested();
            while (booster.Grow() && booster.Rounds < rounds);
            grown.AddRange(booster.Trees(rounds).Select(tree => tree with { Leaves = Array.ConvertAll(tree.Leaves, leaf => leaf / draws) }));
        }

        return grown;
    }

    private static (int[] Rows, double[] Raw) HeldOut(TreeProblem problem, TreeSearch search, TreeCandidate best)
    {
        var (sums, counts) = (new double[problem.On.Length], new int[problem.On.Length]);
        foreach (var (p, held) in search.Parts.Index())
        {
            var raw = best.Boosters[p].Raw(problem.Values(held), held.Length, best.BestRound);
            for (var i = 0; i < held.Length; i++)
            {
                sums[held[i]] += raw[i];
                counts[held[i]]++;
            }
        }

        int[] places = [.. Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0)];
        return (Array.ConvertAll(places, i => problem.On[i]), Array.ConvertAll(places, i => sums[i] / counts[i]));
    }
}
