using Serverless.Serving.Credit;
using Serverless.Tests.Training.Credit.Trees;
using Serverless.Training.Credit;
using Serverless.Training.Credit.Trees;

namespace Serverless.Tests.Training.Credit;

public class PairFiguresTests
{
    [Fact]
    public void Only_columns_that_trees_join_do_something_together()
    {
        var rows = RandomLoans.Rows(600, 7);
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        Assert.Empty(Pairs([[0], [1], [2], [3]]));
        var only = Assert.Single(Pairs([[0, 1], [2], [3]]));
        Assert.Equal((rows.Columns[0].Column.Name, rows.Columns[1].Column.Name), (only.First, only.Second));
        Assert.True(only.Points > 0.01, $"{only.Points} points");

        IReadOnlyList<PairFigures> Pairs(IReadOnlyList<IReadOnlyList<int>> together)
        {
            var fitted = BoostedTrees.Fit(rows, all, new TreeRules(), new TreeShape { Together = together }, new TreeParameters { MinRows = 5 }, 30, TestContext.Current.CancellationToken);
            return PairFigures.Of(new TreesModel(new Scorecard(0, fitted.Columns, -1, 0) { Kind = ModelKind.BoostedTrees }, fitted.Trees), rows, all);
        }
    }

    [Fact]
    public void Rare_categories_share_a_bin_and_only_unseen_ones_are_unknown()
    {
        var rows = RandomLoans.Rows(300, 3);
        var place = Enumerable.Range(0, rows.Columns.Count).First(c => rows.Columns[c].Column.Type == ColumnType.Category && rows.Columns[c].Values.Length > 1);
        var column = TreeColumns.Of(rows, [.. Enumerable.Range(0, rows.Count)], new TreeRules { MinCategoryRows = 1_000_000 })[place];
        Assert.Single(column.Categories);
        var seen = rows.Columns[place].Codes.Where(code => code >= 0).Distinct().Select(code => rows.Columns[place].Values[code]);
        Assert.All(seen, value => Assert.NotEqual(column.UnknownBin, column.BinOf(value)));
        Assert.Equal(column.UnknownBin, column.BinOf("never seen"));
        Assert.Equal(0, column.Bins[column.UnknownBin].Rows);
    }
}
