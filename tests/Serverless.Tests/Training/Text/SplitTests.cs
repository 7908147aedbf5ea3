using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class SplitTests
{
    [Fact]
    public void Every_intent_is_held_out_by_its_share()
    {
        var (train, holdout) = Split.Of(Rows((0, 100), (1, 40), (2, 2)), 0.2, 1);
        Assert.Equal(142, train.Count + holdout.Count);
        Assert.Equal([20, 8, 1], Enumerable.Range(0, 3).Select(c => holdout.Count(r => r.Class == c)));
        Assert.Empty(train.Select(r => (r.Class, r.Key)).Intersect(holdout.Select(r => (r.Class, r.Key))));
    }

    [Fact]
    public void Order_of_the_rows_changes_nothing_and_the_seed_does()
    {
        var rows = Rows((0, 100), (1, 40));
        var held = Split.Of(rows, 0.2, 1).Holdout.Select(r => r.Key).ToHashSet();
        Assert.True(held.SetEquals(Split.Of([.. rows.AsEnumerable().Reverse()], 0.2, 1).Holdout.Select(r => r.Key)));
        Assert.False(held.SetEquals(Split.Of(rows, 0.2, 2).Holdout.Select(r => r.Key)));
    }

    [Fact]
    public void Rows_mostly_stay_on_their_side_when_rows_are_added()
    {
        var before = Split.Of(Rows((0, 1000)), 0.2, 1).Holdout.Select(r => r.Key).ToHashSet();
        var after = Split.Of(Rows((0, 1100)), 0.2, 1).Holdout.Select(r => r.Key).ToHashSet();
        Assert.InRange(before.Count(after.Contains), 170, 200);
        Assert.Equal(220, after.Count);
    }

    [Fact]
    public void Rows_with_the_same_key_stay_together()
    {
        List<TextRow> rows = [.. Enumerable.Range(0, 300).Select(i => new TextRow(RowKeys.Of($"{i / 3}"), $"{i}", 0))];
        var (train, holdout) = Split.Of(rows, 0.2, 1);
        Assert.InRange(holdout.Count, 58, 62);
        Assert.Empty(train.Select(r => r.Key).Intersect(holdout.Select(r => r.Key)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Text_sent_a_thousand_times_is_not_held_out(int seed)
    {
        List<TextRow> rows = [.. Rows((0, 100)), .. Enumerable.Repeat(new TextRow(RowKeys.Of("hello"), "hello", 0), 1000)];
        var (train, holdout) = Split.Of(rows, 0.05, seed);
        Assert.Equal(55, holdout.Count);
        Assert.Contains(train, r => r.Text == "hello");
        var two = Split.Of([rows[0], .. rows.Skip(100)], 0.2, seed);
        Assert.Equal(rows[0], Assert.Single(two.Holdout));
    }

    [Fact]
    public void Intent_of_one_text_trains() => Assert.Equal((3, 0), Split.Of([.. Enumerable.Repeat(new TextRow(7, "hi", 0), 3)], 0.2, 1) is var (train, held) ? (train.Count, held.Count) : default);

    private static List<TextRow> Rows(params (int Class, int Count)[] classes) =>
        [.. classes.SelectMany(c => Enumerable.Range(0, c.Count).Select(i => new TextRow(RowKeys.Of($"{c.Class}/{i}"), $"text {i}", c.Class)))];
}
