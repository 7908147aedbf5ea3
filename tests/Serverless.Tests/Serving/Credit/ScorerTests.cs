using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public sealed class ScorerTests : IDisposable
{
    private readonly CreditScorer _scorer = CreditExample.Scorer();

    public void Dispose() => _scorer.Dispose();

    [Fact]
    public void Application_gets_points_probability_and_reasons()
    {
        var score = Score("""{"income": "2000", "purpose": "travel", "housing": "rent", "customerSince": "2023-06-01", "applied": "2024-01-01"}""");
        Assert.Equal(600 + 0.1m - 5 - 2.5m - 3, score.Points);
        Assert.Equal(1 / (1 + Math.Exp(0.03 * 589.6 - 16)), score.Probability, 12);
        Assert.Equal(["purpose", "customerSince"], score.Reasons.Select(r => r.Column));
        Assert.Equal([7m, 4m], score.Reasons.Select(r => r.PointsLost));
        Assert.Empty(score.Unseen);
    }

    [Fact]
    public void Number_and_its_text_are_the_same_value() =>
        Assert.Equivalent(Score("""{"income": 1000.50}"""), Score("""{"income": "1000.50"}"""));

    [Fact]
    public void Absent_null_and_missing_text_are_missing()
    {
        Assert.Equal(595m, Score("{}").Points);
        Assert.Equal(595m, Score("""{"income": null, "purpose": "", "customerSince": " "}""").Points);
        Assert.Equal(595m, Score("""{"income": "NA"}""").Points);
    }

    [Fact]
    public void Special_code_has_its_own_points() => Assert.Equal(593m, Score("""{"income": -9}""").Points);

    [Fact]
    public void Category_that_training_never_saw_is_scored_as_unknown_and_told()
    {
        var score = Score("""{"purpose": "rocket"}""");
        Assert.Equal(["purpose"], score.Unseen);
        Assert.Equal(594m, score.Points);
    }

    [Fact]
    public void Truth_value_is_a_category_text() => Assert.Equal(["purpose"], Score("""{"purpose": true}""").Unseen);

    [Fact]
    public void Columns_that_are_no_input_are_not_looked_at() =>
        Assert.Equal(595m, Score("""{"sex": ["?"], "loanId": 7, "bad": "maybe", "applied": "2024-01-01"}""").Points);

    [Fact]
    public void Date_that_does_not_exist_is_a_fault_of_its_own() => Assert.Equal(
        ["'applied' is not a date: write it as yyyy-MM-dd, or as a timestamp of ISO 8601."],
        Faults("""{"customerSince": "2023-06-01", "applied": "yesterday"}"""));

    [Fact]
    public void Date_without_the_date_of_the_row_is_a_fault() => Assert.Equal(
        ["'customerSince' counts the days to 'applied', which is not given: give both."],
        Faults("""{"customerSince": "2023-06-01"}"""));

    [Fact]
    public void Every_bad_field_is_listed_and_no_value() => Assert.Equal(
        [
            "'Income' is no column of contract 1: remove it, or correct its name.",
            "'shoeSize' is no column of contract 1: remove it, or correct its name.",
            "'income' is not a number: write it with a decimal point and without thousands separators.",
            "'purpose' is an object or a list: give one value.",
            "'housing' has a value that its contract does not allow: correct it, or add it to the contract.",
            "'customerSince' is not a date: write it as yyyy-MM-dd, or as a timestamp of ISO 8601.",
        ],
        Faults("""{"shoeSize": 44, "income": "NaN", "Income": 1, "purpose": {"a": 1}, "housing": "castle", "customerSince": 20230601, "applied": "2024-01-01"}"""));

    [Theory]
    [InlineData("""{"income": true}""", "'income' is not a number: write it with a decimal point and without thousands separators.")]
    [InlineData("""{"income": [1]}""", "'income' is an object or a list: give one value.")]
    [InlineData("""{"income": -1}""", "'income' is outside its range, 0 to 1000000: correct it, or the contract.")]
    [InlineData("""{"income": 1e7}""", "'income' is outside its range, 0 to 1000000: correct it, or the contract.")]
    [InlineData("""{"income": 1e999}""", "'income' is not a number: write it with a decimal point and without thousands separators.")]
    public void Bad_number_is_a_fault(string fields, string fault) => Assert.Equal([fault], Faults(fields));

    [Fact]
    public void Input_that_the_scorecard_does_not_use_is_still_checked()
    {
        using var scorer = CreditExample.Scorer(CreditExample.Card with { Columns = [CreditExample.Card.Columns[1]] });
        Assert.IsType<Outcome<CreditScore>.Rejected>(scorer.Score(CreditExample.Fields("""{"income": "x"}""")));
        Assert.Equal(605m, Done(scorer.Score(CreditExample.Fields("""{"income": 5, "purpose": "car"}"""))).Points);
    }

    [Fact]
    public void Rows_get_the_scores_of_single_applications()
    {
        long[] bins =
        [
            0, 0, 0, 1,
            4, 3, 2, 2,
            2, 0, 0, 1,
        ];
        var points = new double[3];
        var probabilities = new double[3];
        _scorer.ScoreRows(bins, points, probabilities);
        Assert.Equal([598.16, 592, 630.5], points);
        Assert.Equal(CreditExample.Golden.Probability, probabilities[0], 12);
        Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
        Assert.True(probabilities[1] > probabilities[2]);
    }

    [Fact]
    public void Rows_that_do_not_fit_the_columns_are_refused() =>
        Assert.Throws<ArgumentException>(() => _scorer.ScoreRows(new long[7], new double[2], new double[2]));

    [Fact]
    public async Task Parallel_calls_get_their_own_scores()
    {
        var tasks = Enumerable.Range(0, 200).Select(i => Task.Run(() => (i, Score(i % 2 == 0 ? """{"income": 1}""" : """{"income": 9999}""").Points)));
        Assert.All(await Task.WhenAll(tasks), r => Assert.Equal(r.i % 2 == 0 ? 587.66m : 620m, r.Points));
    }

    private CreditScore Score(string fields) => Done(_scorer.Score(CreditExample.Fields(fields)));

    private static CreditScore Done(Outcome<CreditScore> outcome) => Assert.IsType<Outcome<CreditScore>.Done>(outcome).Value;

    private IReadOnlyList<string> Faults(string fields) => Assert.IsType<Outcome<CreditScore>.Rejected>(_scorer.Score(CreditExample.Fields(fields))).Reasons;
}
