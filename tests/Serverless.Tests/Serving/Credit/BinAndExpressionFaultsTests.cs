using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class BinAndExpressionFaultsTests
{
    [Fact]
    public void Every_fault_of_computed_columns_and_rules_is_listed() => Assert.Equal(
        """
        Column 'broken' has an expression that cannot be used. At character 9: something is missing at the end: write a column, a number or a text.
        Column 'unknown' has an expression that cannot be used. It reads 'wage', which is no column of the contract: correct the name, or list the column.
        Column 'secret' has an expression that cannot be used. It reads 'sex', which has the role protected: only columns with the role input or ignored can become inputs.
        Column 'leak' has an expression that cannot be used. It reads 'bad', which has the role target: only columns with the role input or ignored can become inputs.
        Column 'key' has an expression that cannot be used. It reads 'loanId', which has the role id: only columns with the role input or ignored can become inputs.
        Column 'nested' has an expression that cannot be used. It reads 'ratio', which is computed itself: write that column's expression in its place.
        Column 'itself' has an expression that cannot be used. It reads 'itself', which is computed itself: write that column's expression in its place.
        Column 'kinds' has an expression that cannot be used. At character 10: a text stands where a number is needed.
        Column 'number' has an expression that cannot be used. It gives no number, but the column is one: compute a number, or give the column the type category.
        Column 'text' has an expression that cannot be used. It gives no text, but the column is a category: give the column the type number, or join categories by &.
        Column 'constant' has an expression that cannot be used. It reads no column: name one or more, without quotes.
        Column 'role' is computed, so its role must be input: set it, or remove 'expression'.
        Column 'date' is computed, which gives numbers and categories: set its type to one of them; days are numbers.
        Column 'limits' is computed, so 'minimum', 'maximum', 'allowed', 'missing' and 'special' say nothing: remove them, and set them on the columns that it is computed from.
        Rule 'same' is listed more than once: give each rule a name of its own.
        A rule has no name: write one, which the reports show.
        Rule 'same' cannot be used. It gives no condition: compare something, such as a <= b.
        Rule ' ' cannot be used. It reads 'ratio', which is computed itself: write that column's expression in its place.
        """,
        string.Join('\n', Faults(CreditExample.Contract with
        {
            Columns =
            [
                .. CreditExample.Contract.Columns,
                Computed("ratio", "income / 2"),
                Computed("broken", "income /"),
                Computed("unknown", "income / wage"),
                Computed("secret", "sex & purpose") with { Type = ColumnType.Category },
                Computed("leak", "income * bad"),
                Computed("key", "loanId & purpose") with { Type = ColumnType.Category },
                Computed("nested", "1 + ratio"),
                Computed("itself", "1 + itself"),
                Computed("kinds", "income + purpose"),
                Computed("number", "purpose & housing"),
                Computed("text", "income + 1") with { Type = ColumnType.Category },
                Computed("constant", "1 + 1"),
                Computed("role", "income + 1") with { Role = ColumnRole.Ignored },
                Computed("date", "income + 1") with { Type = ColumnType.Date },
                Computed("limits", "income + 1") with { Minimum = 0 },
            ],
            Rules =
            [
                new() { Name = "same", Holds = "income + 1" },
                new() { Name = "same", Holds = "bad = 0 or sex != 'x' or customerSince <= applied" },
                new() { Name = " ", Holds = "ratio > 1" },
            ],
        })));

    [Fact]
    public void Every_fault_of_bins_set_by_hand_and_of_their_rules_is_listed() => Assert.Equal(
        """
        'scorecard.minInformationValue' must lie between 0 and 10: 0.02 is usual, 0 keeps every column.
        'scorecard.maxCorrelation' must lie above 0 and be at most 1: 0.9 drops near copies, 1 keeps every column.
        'scorecard.lasso' must lie between 0 and 1000000: 0 is ridge alone.
        'scorecard.minBinShare' must lie above 0 and be at most 0.5: 0.05 is usual in hand-made scorecards.
        'scorecard.maxBins' must lie between 2 and 200.
        The 'cuts' of column 'income' do not ascend: order them, each once.
        Column 'income' is no category, so 'groups' mean nothing: write 'cuts' instead.
        A group of column 'income' is empty: remove it.
        Column 'purpose' is a category, so 'cuts' mean nothing: write 'groups' instead.
        Column 'purpose' has 200 cuts: write fewer than 200.
        The groups of column 'housing' list 'own' 2 times: keep one.
        The groups of column 'housing' list a text that is empty or has blanks around it: remove them; empty is always missing.
        The groups of column 'housing' list '?', which is missing or special: it has a bin already, remove it from the groups.
        The groups of column 'housing' list '', which is not allowed: add it to 'allowed', or remove it.
        The groups of column 'housing' list '?', which is not allowed: add it to 'allowed', or remove it.
        Column 'sex' has bins but is no input: remove 'cuts' and 'groups'.
        """,
        string.Join('\n', Faults(CreditExample.Contract with
        {
            Columns =
            [
                .. CreditExample.Contract.Columns.Select(c => c.Name switch
                {
                    "income" => c with { Cuts = [1, 1], Groups = [[]] },
                    "purpose" => c with { Cuts = [.. Enumerable.Range(0, 200).Select(i => (double)i)] },
                    "housing" => c with { Groups = [["own", ""], ["own", "?"]], Missing = ["?"] },
                    "sex" => c with { Groups = [["f"]] },
                    _ => c,
                }),
            ],
            Scorecard = new ScorecardRules { MinInformationValue = -1, MaxCorrelation = 0, Lasso = double.MaxValue, MinBinShare = 0.6, MaxBins = 1 },
        })));

    [Fact]
    public void Nulls_in_groups_and_rules_are_faults() => Assert.Equal(
        ["Column 'a' has null in 'groups': write lists of texts.", "'rules' lists null: write a rule or remove it."],
        Assert.IsType<Outcome<DataContract>.Rejected>(new CreditFamily().ReadContract(
            """{"family":"credit","portfolio":"p","version":"1","bad":["1"],"rules":[null],"columns":[{"name":"a","type":"category","groups":[[null]]}]}"""u8)).Reasons);

    // Bins, rules, computed columns and rules of the scorecard came later: a contract without them must go on to load.
    [Fact]
    public void Contract_of_the_first_form_still_loads_with_the_defaults()
    {
        var read = new CreditFamily().ReadContract(
            """{"family":"credit","portfolio":"p","version":"1","bad":["1"],"columns":[{"name":"a","type":"number"},{"name":"b","type":"number","role":"target"}]}"""u8);
        var contract = (CreditContract)Assert.IsType<Outcome<DataContract>.Done>(read).Value;
        Assert.Equal((0, 1, 0, 0.01, 12), (contract.Scorecard.MinInformationValue, contract.Scorecard.MaxCorrelation, contract.Scorecard.Lasso, contract.Scorecard.MinBinShare, contract.Scorecard.MaxBins));
        Assert.Equal((0, null, null), (contract.Rules.Count, contract.Columns[0].Cuts, contract.Columns[0].Expression));
    }

    private static Column Computed(string name, string expression) => new() { Name = name, Type = ColumnType.Number, Expression = expression };

    private static IReadOnlyList<string> Faults(CreditContract contract) =>
        Assert.IsType<Outcome<DataContract>.Rejected>(new CreditFamily().ReadContract(Json.File(contract))).Reasons;
}
