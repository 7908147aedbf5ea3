using Serverless.Serving.Credit;
using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Credit.Trees;

/// <summary>Boosted trees that were fitted on some rows.</summary>
public sealed class FittedTrees
{
    private readonly TreeFeatures _features;
    private readonly IReadOnlyList<BoostedTree> _trees;

    internal FittedTrees(IReadOnlyList<ScorecardColumn> columns, TreeFeatures features, IReadOnlyList<BoostedTree> trees, TreeParameters parameters)
    {
        (Columns, Parameters, _features, _trees) = (columns, parameters, features, trees);
        Trees = TreeEnsemble.Parse(Graph(TreeScale.Of(new PointScale(), -1, 0)), columns);
    }

    /// <summary>The bins of every column, without points.</summary>
    public IReadOnlyList<ScorecardColumn> Columns { get; }

    /// <summary>The trees, with a scale that means nothing: that of the served ones comes with <see cref="Graph"/>.</summary>
    public TreeEnsemble Trees { get; }

    /// <summary>The settings that the search chose.</summary>
    public TreeParameters Parameters { get; }

    /// <summary>Rounds of growing; with several draws there are as many times more trees.</summary>
    public required int Rounds { get; init; }

    /// <summary>Rows that the search held out, and <see cref="HeldOutRaw"/>; empty where nothing was searched.</summary>
    public IReadOnlyList<int> HeldOutRows { get; init; } = [];

    /// <summary>Raw log-odds that trees fitted without them give to <see cref="HeldOutRows"/>: what probabilities are calibrated on.</summary>
    public IReadOnlyList<double> HeldOutRaw { get; init; } = [];

    /// <summary>Mean log loss of the rows held out; NaN where nothing was searched.</summary>
    public double HeldOutLoss { get; init; } = double.NaN;

    /// <summary>Writes the served graph: input <c>bins</c> (int64 [n, columns]), outputs <c>points</c> and <c>probability</c> (double [n]).</summary>
    /// <param name="scale">How raw log-odds become points and a probability.</param>
    public byte[] Graph(TreeScale scale) => TreeGraphWriter.Write(_trees, _features, Columns.Count, scale);

    /// <summary>The trees as they grew, for those who take them apart.</summary>
    internal IReadOnlyList<BoostedTree> Grown => _trees;

    /// <summary>Their features.</summary>
    internal TreeFeatures Features => _features;

    /// <summary>Raw log-odds of some rows of an export.</summary>
    public double[] Raw(CreditRows rows, int[] of)
    {
        var bins = rows.Columns.Select((input, c) => input.BinsIn(Columns[c], of)).ToArray();
        var raw = new double[of.Length];
        Parallel.For(0, (of.Length + BlockRows - 1) / BlockRows, TrainingThread.Loops(CancellationToken.None), block =>
        {
            var ofRow = new long[bins.Length];
            for (var i = block * BlockRows; i < Math.Min(of.Length, (block + 1) * BlockRows); i++)
            {
                for (var c = 0; c < bins.Length; c++) ofRow[c] = bins[c][i];
                raw[i] = Trees.Raw(ofRow);
            }
        });
        return raw;
    }

    private const int BlockRows = 1024;
}
