using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class SplitTests
{
    [Fact]
    public async Task Last_dates_are_held_out_and_no_date_is_split()
    {
        var rows = await LoanExport.RowsAsync(LoanExport.Csv(1003), LoanExport.Dated);
        var (train, holdout, byDate) = Split.Holdout(rows, 0.2, 1);
        Assert.True(byDate);
        Assert.True(train.Max(r => rows.Dates[r]) < holdout.Min(r => rows.Dates[r]));
        Assert.InRange(holdout.Length, 198, 203);
        Assert.Equal(1003, train.Length + holdout.Length);
    }

    [Fact]
    public async Task One_date_is_split_by_class()
    {
        var csv = LoanExport.Csv(500).Split('\n').Select(line => line.StartsWith("id", StringComparison.Ordinal) || line.Length == 0 ? line : string.Join(',', line.Split(',')[..5]) + ",2020-01-01,2019-01-01");
        var (_, _, byDate) = Split.Holdout(await LoanExport.RowsAsync(string.Join('\n', csv), LoanExport.Dated), 0.2, 1);
        Assert.False(byDate);
    }

    [Fact]
    public async Task Classes_have_the_same_share_in_both_parts()
    {
        var rows = await LoanExport.RowsAsync(LoanExport.Csv(1000));
        var (train, holdout, _) = Split.Holdout(rows, 0.2, 1);
        var bads = rows.Bad.Count(b => b);
        Assert.Equal((int)Math.Round(0.2 * bads), holdout.Count(r => rows.Bad[r]));
        Assert.Empty(train.Intersect(holdout));
        Assert.NotEqual(holdout, Split.Holdout(rows, 0.2, 2).Holdout);
    }

    [Fact]
    public async Task Rows_stay_in_their_part_when_others_come()
    {
        var (small, big) = (await LoanExport.RowsAsync(LoanExport.Csv(1000)), await LoanExport.RowsAsync(LoanExport.Csv(1000) + LoanExport.Csv(1000, 2, 1000).Split('\n', 2)[1]));
        var before = Split.Holdout(small, 0.2, 1).Holdout.Select(r => small.Keys[r]).ToHashSet();
        var after = Split.Holdout(big, 0.2, 1).Holdout.Select(r => big.Keys[r]).ToHashSet();
        Assert.True(before.Count(after.Contains) > 0.85 * before.Count);
    }

    [Fact]
    public async Task Folds_have_all_rows_and_like_shares()
    {
        var rows = await LoanExport.RowsAsync(LoanExport.Csv(1000));
        int[] of = [.. Enumerable.Range(100, 800)];
        var fold = Split.Folds(rows, of, 5, 1);
        foreach (var part in of.Zip(fold).GroupBy(p => p.Second))
        {
            Assert.InRange(part.Count(), 159, 161);
            Assert.Equal(of.Count(r => rows.Bad[r]) / 5.0, part.Count(p => rows.Bad[p.First]), 1.0);
        }
    }
}
