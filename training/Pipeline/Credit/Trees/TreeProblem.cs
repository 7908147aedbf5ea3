using System.Globalization;
using Serverless.Serving.Credit;
using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Credit.Trees;

/// <summary>What is boosted: the rows to fit on, with their bins as features, and what trees must keep.</summary>
internal sealed class TreeProblem : IDisposable
{
    private readonly CreditRows _rows;
    private readonly TreeShape _shape;
    private readonly float[] _values;

    private TreeProblem(CreditRows rows, int[] on, TreeShape shape, IReadOnlyList<ScorecardColumn> columns)
    {
        (_rows, On, _shape, Columns) = (rows, on, shape, columns);
        Features = TreeFeatures.Of(columns);
        Bad = Array.ConvertAll(on, row => rows.Bad[row]);
        _values = Features.Values(rows, on, columns);
        Data = BoostingData.Of(_values, Bad, Features.Categories);
    }

    /// <summary>The rows of the export.</summary>
    public int[] On { get; }

    /// <summary>Outcomes of <see cref="On"/>.</summary>
    public bool[] Bad { get; }

    /// <summary>Their bins.</summary>
    public IReadOnlyList<ScorecardColumn> Columns { get; }

    /// <summary>Their features.</summary>
    public TreeFeatures Features { get; }

    /// <summary>The rows as LightGBM keeps them.</summary>
    public BoostingData Data { get; }

    /// <summary>Finds the bins and copies the rows.</summary>
    public static TreeProblem Of(CreditRows rows, int[] on, TreeRules rules, TreeShape shape) => new(rows, on, shape, TreeColumns.Of(rows, on, rules));

    /// <summary>Features of some places of <see cref="On"/>, column after column.</summary>
    public float[] Values(int[] places)
    {
        var values = new float[Features.Count * places.Length];
        for (var f = 0; f < Features.Count; f++)
        {
            for (var i = 0; i < places.Length; i++) values[(f * places.Length) + i] = _values[(f * On.Length) + places[i]];
        }

        return values;
    }

    /// <summary>LightGBM's parameters.</summary>
    /// <param name="p">What the search chose, or tries.</param>
    /// <param name="threads">Fixed, since another number adds up in another order.</param>
    /// <param name="draw">Which of several models that differ by their random choices.</param>
    public string Parameters(TreeParameters p, int threads, int draw = 0)
    {
        var depth = p.MaxDepth > 0 && _shape.MaxDepth > 0 ? Math.Min(p.MaxDepth, _shape.MaxDepth) : Math.Max(p.MaxDepth, _shape.MaxDepth);
        List<string> all =
        [
            "objective=binary", "metric=binary_logloss", "verbosity=-1", "deterministic=true", "force_row_wise=true", "feature_pre_filter=false", "max_bin=255",
            string.Create(CultureInfo.InvariantCulture, $"num_threads={threads} seed={(_rows.Contract.Training.Seed + (7919 * draw)) & int.MaxValue} max_depth={(depth > 0 ? depth : -1)}"),
            string.Create(CultureInfo.InvariantCulture, $"learning_rate={p.LearningRate} num_leaves={p.Leaves} min_data_in_leaf={p.MinRows} lambda_l2={p.L2}"),
            string.Create(CultureInfo.InvariantCulture, $"feature_fraction={p.ColumnShare} bagging_fraction={p.RowShare} bagging_freq={(p.RowShare < 1 ? 1 : 0)}"),
            string.Create(CultureInfo.InvariantCulture, $"cat_smooth={p.CategorySmoothing} cat_l2={p.CategorySmoothing} min_data_per_group={p.MinCategoryRows}"),
        ];
        var directions = Enumerable.Range(0, Features.Count).Select(Direction).ToArray();
        if (directions.Any(d => d != 0)) all.Add($"monotone_constraints_method=intermediate monotone_constraints={string.Join(',', directions.Select(d => d.ToString(CultureInfo.InvariantCulture)))}");
        if (_shape.Together is { } sets) all.Add($"interaction_constraints={string.Join(',', sets.Select(Group))}");
        return string.Join(' ', all);
    }

    /// <inheritdoc/>
    public void Dispose() => Data.Dispose();

    private int Direction(int feature) => Features.Categories.Contains(feature) ? 0 : _rows.Columns[Features.ColumnOf[feature]].Column.Monotone switch
    {
        Monotone.Increasing => 1,
        Monotone.Decreasing => -1,
        _ => 0,
    };

    private string Group(IReadOnlyList<int> columns) =>
        $"[{string.Join(',', Enumerable.Range(0, Features.Count).Where(f => columns.Contains(Features.ColumnOf[f])).Select(f => f.ToString(CultureInfo.InvariantCulture)))}]";
}
