using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>Rows that were read under one contract, as the champion of another would have read them.</summary>
public class RowsUnderTests
{
    private static readonly CreditContract Plain = LoanExport.Contract;

    private static readonly CreditContract Computed = LoanExport.Dated with
    {
        Columns = [.. LoanExport.Dated.Columns, new() { Name = "in thousands", Type = ColumnType.Number, Expression = "income / 1000 + noise" }],
    };

    [Fact]
    public void Codes_of_another_contract_match_by_value_and_hold_for_ordinary_numbers()
    {
        var champion = new Column { Name = "n", Type = ColumnType.Number, Special = ["-9", "-7"], Missing = ["-1"] };
        var read = Read(champion, new InputColumn(champion with { Special = ["-9.0", "-5"], Missing = [] }, [0, 0, 0, -7, -1, -2, 3], [-1, -2, -3, 0, 0, 0, 0], [])).Column("n")!;
        Assert.Equal([-1, -2, 0, -3, -1, 0, 0], read.Codes);
        Assert.Equal([-5, -2, 3], [read.Numbers[2], read.Numbers[5], read.Numbers[6]]);
    }

    [Fact]
    public void Values_that_another_contract_lists_as_codes_are_its_codes()
    {
        var champion = new Column { Name = "c", Type = ColumnType.Category, Special = ["none"], Missing = ["NA"] };
        var read = Read(champion, new InputColumn(champion with { Special = ["own"], Missing = [] }, [], [0, 1, 2, 3, -2], ["a", "none", "NA", "new"])).Column("c")!;
        Assert.Equal([0, -2, -1, 3, 4], read.Codes);
        Assert.Equal(["a", "none", "NA", "new", "own"], read.Values);
    }

    [Fact]
    public void Text_that_was_a_value_and_means_missing_now_is_not_comparable_where_rows_are_missing()
    {
        var champion = new Column { Name = "c", Type = ColumnType.Category };
        var now = champion with { Missing = ["NA"] };
        Assert.Equal("'c' has a text that means missing now and was a value before.", Read(champion, new InputColumn(now, [], [0, -1], ["a"])).Fault("c"));
        Assert.Null(Read(champion, new InputColumn(now, [], [0, 0], ["a"])).Fault("c"));
        var number = new Column { Name = "c", Type = ColumnType.Number };
        Assert.Null(Read(number, new InputColumn(number with { Missing = ["NA"] }, [1, 0], [0, -1], [])).Fault("c")); // it would have been refused
        Assert.NotNull(Read(number, new InputColumn(number with { Missing = ["0"] }, [1, 0], [0, -1], [])).Fault("c"));
    }

    [Fact]
    public async Task Column_that_is_computed_otherwise_is_computed_as_the_champion_does()
    {
        var now = With(Computed, "in thousands", c => c with { Expression = "income * 7" });
        var (expected, rows) = (await LoanExport.RowsAsync(LoanExport.Csv(300), Computed), await LoanExport.RowsAsync(LoanExport.Csv(300), now));
        Same(expected.Columns.Single(c => c.Column.Name == "in thousands"), new RowsUnder(rows, Computed).Column("in thousands")!);

        var recoded = With(now, "income", c => c with { Special = [], Minimum = null });
        Same(expected.Columns.Single(c => c.Column.Name == "in thousands"), new RowsUnder(await LoanExport.RowsAsync(LoanExport.Csv(300), recoded), Computed).Column("in thousands")!);

        var ignored = With(now, "noise", c => c with { Role = ColumnRole.Ignored });
        var under = new RowsUnder(await LoanExport.RowsAsync(LoanExport.Csv(300), ignored), Computed);
        Assert.Equal("'in thousands' is computed otherwise: 'noise' is no input any more, so its values were not kept.", under.Fault("in thousands"));
        Assert.Null(under.Column("in thousands"));
    }

    [Fact]
    public async Task Column_that_is_now_computed_of_another_type_or_not_kept_is_not_comparable()
    {
        foreach (var (now, fault) in new[]
        {
            (With(Plain, "noise", c => c with { Expression = "income * 2" }), "'noise' is computed now and was read before."),
            (With(Plain, "noise", c => c with { Type = ColumnType.Category }), "'noise' has another type than before."),
            (With(Plain, "noise", c => c with { Role = ColumnRole.Protected }), "'noise' is no input any more, so its values were not kept."),
        })
            Assert.Equal(fault, new RowsUnder(await LoanExport.RowsAsync(LoanExport.Csv(300), now), Plain).Fault("noise"));
        var gone = new RowsUnder(await LoanExport.RowsAsync(LoanExport.Csv(300), Plain with { Columns = [.. Plain.Columns.Where(c => c.Name != "noise")] }), Plain);
        Assert.Equal((null, null), (gone.Fault("noise"), gone.Column("noise"))); // exports need not have it, so that it is missing to the champion too
    }

    [Fact]
    public async Task Date_counts_to_the_day_that_the_champion_counts_to()
    {
        var dated = LoanExport.Dated;
        var undated = With(dated, "date", c => c with { Role = ColumnRole.Input });
        var (of, without) = (await LoanExport.RowsAsync(LoanExport.Csv(300), dated), await LoanExport.RowsAsync(LoanExport.Csv(300), undated));
        Same(without.Columns.Single(c => c.Column.Name == "since"), new RowsUnder(of, undated).Column("since")!);
        Same(of.Columns.Single(c => c.Column.Name == "since"), new RowsUnder(without, dated).Column("since")!);

        var ignored = await LoanExport.RowsAsync(LoanExport.Csv(300), With(dated, "date", c => c with { Role = ColumnRole.Ignored }));
        Assert.Equal("'since' counted to another date: 'date' is no input any more, so its values were not kept.", new RowsUnder(ignored, dated).Fault("since"));
    }

    [Fact]
    public async Task Champion_that_cannot_be_compared_stays_and_the_gate_says_why()
    {
        var champion = await LoanExport.TrainAsync(LoanExport.Csv(1000), Plain);
        using var scorer = LoanExport.Load(champion);
        var challenger = await LoanExport.TrainAsync(LoanExport.Csv(1000, seed: 2, firstId: 1000), With(Plain, "income", c => c with { Role = ColumnRole.Ignored }));
        var comparison = challenger.CompareWith(scorer, champion.TrainedOn);
        Assert.Equal(double.NaN, comparison.Champion);
        var verdict = Gate.Decide(new GateRules(), new NewModel(scorer.Bundle, challenger, 0, null).Evidence, comparison);
        Assert.Equal(GateDecision.Keep, verdict.Decision);
        Assert.Contains("auc against the champion, which cannot be measured on these rows ('income' is no input any more, so its values were not kept): could not be measured, 0 is needed.", Gate.Reasons(verdict));
    }

    private static CreditContract With(CreditContract contract, string name, Func<Column, Column> change) =>
        contract with { Columns = [.. contract.Columns.Select(c => c.Name == name ? change(c) : c)] };

    private static RowsUnder Read(Column champion, InputColumn now)
    {
        var rows = new CreditRows(Plain with { Columns = [now.Column] }, [now], new bool[now.Codes.Length], new ulong[now.Codes.Length], [], 0);
        return new RowsUnder(rows, Plain with { Columns = [champion] });
    }

    private static void Same(InputColumn expected, InputColumn read)
    {
        Assert.Equal(expected.Codes.Select(c => c < 0), read.Codes.Select(c => c < 0));
        Assert.Equal(expected.Numbers.Where((_, i) => expected.Codes[i] >= 0), read.Numbers.Where((_, i) => expected.Codes[i] >= 0));
    }
}
