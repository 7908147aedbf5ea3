using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2 * 3 - 8 / 4", 5)]
    [InlineData("-(2 - 5) * -1", -3)]
    [InlineData("2 - 3 - 4", -5)]
    [InlineData("16 / 4 / 2", 2)]
    [InlineData("1.5e2 + .5", 150.5)]
    [InlineData("min(3, a, 2 * a) + max(a, 9)", 12)]
    [InlineData("abs(-a) + log(1)", 4)]
    [InlineData("[odd name]]] / a", 2.5)]
    [InlineData("max", 7)]
    [InlineData("a < 5", 1)]
    [InlineData("a >= 5 or a = 4 and not a != 4", 1)]
    [InlineData("not a < 5", 0)]
    [InlineData("c = 'it''s' and c != 'x'", 1)]
    [InlineData("a / 0", double.NaN)]
    [InlineData("log(a - 4)", double.NaN)]
    [InlineData("1e308 * 10 * a", double.NaN)]
    [InlineData("a + missing", double.NaN)]
    [InlineData("a > 1 or missing > 1", double.NaN)]
    [InlineData("gone = 'x'", double.NaN)]
    [InlineData("max(missing, a)", double.NaN)]
    public void Expression_gives_what_arithmetic_says(string text, double expected) => Assert.Equal(expected, Evaluate(text).Number, 12);

    [Fact]
    public void Texts_are_joined_and_a_missing_one_makes_the_join_missing()
    {
        Assert.Equal("it's & own & 2", Evaluate("c & 'own' & '2'").Text);
        Assert.Equal(Operand.Missing, Evaluate("c & gone"));
    }

    [Fact]
    public void Rule_with_a_missing_operand_holds()
    {
        Assert.True(Holds("missing < 1"));
        Assert.True(Holds("a < 5"));
        Assert.False(Holds("a > 5"));

        static bool Holds(string text) => Parse(text) is var rule && rule.Holds([.. rule.Columns.Select(Value)]);
    }

    [Fact]
    public void Columns_are_listed_once_in_order() => Assert.Equal(["b", "a x", "c"], Parse("b + [a x] / b > max(1, c)").Columns);

    [Theory]
    [InlineData("", "At character 1: something is missing at the end: write a column, a number or a text.")]
    [InlineData("a +", "At character 4: something is missing at the end: write a column, a number or a text.")]
    [InlineData("a b", "At character 3: an operator is needed here, such as + - * / < <= > >= = != & and or.")]
    [InlineData("a)", "At character 2: ')' closes nothing: remove it.")]
    [InlineData("(a + 1", "At character 7: ')' is missing, or an operator before this.")]
    [InlineData("1 < a < 3", "At character 7: two comparisons stand side by side: join them by 'and'.")]
    [InlineData("a = 'x", "At character 5: the text has no closing quote: end it with '.")]
    [InlineData("[a", "At character 1: the name has no closing bracket: end it with ].")]
    [InlineData("[] + 1", "At character 1: the brackets are empty: write the column's name in them.")]
    [InlineData("sqrt(a)", "At character 1: there is no such function: min, max, abs and log are known.")]
    [InlineData("1 + log(a, b)", "At character 5: 'log' takes one operand.")]
    [InlineData("min(a)", "At character 1: 'min' takes two or more operands, with commas between them.")]
    [InlineData("a * and", "At character 5: 'and' has nothing before it, or needs parentheses: a column of that name is written [and].")]
    [InlineData("2nd + 1", "At character 1: this is no number: write digits with a decimal point, such as 1200.5; put a column's name in [brackets].")]
    [InlineData("a % 2", "At character 3: an operator is needed here, such as + - * / < <= > >= = != & and or.")]
    [InlineData("a + %", "At character 5: a column, a number or a text is needed here: put names that are no plain words in [brackets].")]
    public void Text_that_is_no_expression_is_refused_with_the_place(string text, string reason) =>
        Assert.Equal([reason], Assert.IsType<Outcome<Expression>.Rejected>(Expression.Parse(text)).Reasons);

    [Theory]
    [InlineData("a + c", "At character 5: a text stands where a number is needed.")]
    [InlineData("a & c", "At character 1: a number stands where a text is needed.")]
    [InlineData("c < 'x'", "At character 1: a text stands where a number is needed.")]
    [InlineData("a and a > 1", "At character 1: a number stands where a condition is needed.")]
    [InlineData("(a > 1) = (a > 2)", "At character 2: a condition cannot be compared: join conditions by 'and', 'or' and 'not'.")]
    [InlineData("a = 'x'", "At character 5: a text stands where a number is needed.")]
    public void Operand_of_a_wrong_kind_is_refused_with_the_place(string text, string reason) =>
        Assert.Equal([reason], Assert.IsType<Outcome<ExpressionKind>.Rejected>(Parse(text).KindOf(TypeOf)).Reasons);

    [Theory]
    [InlineData("a + 1", ExpressionKind.Number)]
    [InlineData("c & 'x'", ExpressionKind.Text)]
    [InlineData("not c = 'x'", ExpressionKind.Truth)]
    public void Kind_is_told(string text, ExpressionKind expected) =>
        Assert.Equal(expected, Assert.IsType<Outcome<ExpressionKind>.Done>(Parse(text).KindOf(TypeOf)).Value);

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("abs(")]
    public void Nesting_is_bounded(string level)
    {
        var deep = string.Concat(Enumerable.Repeat(level, Expression.MaxLength / level.Length));
        var reason = Assert.Single(Assert.IsType<Outcome<Expression>.Rejected>(Expression.Parse(deep)).Reasons);
        Assert.EndsWith("it is nested more than 32 levels deep: split it into several columns.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_is_bounded_and_the_longest_chain_is_evaluated()
    {
        Assert.Equal(["It has 1001 characters: write at most 1000."], Assert.IsType<Outcome<Expression>.Rejected>(Expression.Parse(new string('a', 1001))).Reasons);
        Assert.Equal(2000, Evaluate("a" + string.Concat(Enumerable.Repeat("+a", 499))).Number);
    }

    private static Expression Parse(string text) => Assert.IsType<Outcome<Expression>.Done>(Expression.Parse(text)).Value;

    private static Operand Evaluate(string text) => Parse(text) is var expression ? expression.Evaluate([.. expression.Columns.Select(Value)]) : default;

    private static ColumnType TypeOf(string column) => column is "c" or "gone" ? ColumnType.Category : ColumnType.Number;

    private static Operand Value(string column) => column switch
    {
        "a" => Operand.Of(4),
        "max" => Operand.Of(7),
        "odd name]" => Operand.Of(10),
        "c" => Operand.Of("it's"),
        _ => Operand.Missing,
    };
}
