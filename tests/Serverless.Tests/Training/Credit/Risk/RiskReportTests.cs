using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit.Risk;

namespace Serverless.Tests.Training.Credit.Risk;

public class RiskReportTests
{
    private static readonly DateTimeOffset Now = DropOf.Context.Now;

    private static readonly CreditContract Contract = LoanExport.Contract with
    {
        Columns = [.. LoanExport.Contract.Columns, new() { Name = "ead", Type = ColumnType.Number, Role = ColumnRole.Ignored }, new() { Name = "lgd", Type = ColumnType.Number, Role = ColumnRole.Ignored }],
        Risk = new()
        {
            ExposureColumn = "ead",
            LgdColumn = "lgd",
            Scenarios = [new() { Name = "same", Odds = 1 }, new() { Name = "worse", LogOdds = Math.Log(3) }],
        },
    };

    // One model for all: it takes a moment to train.
    private static readonly Lazy<Task<CreditScorer>> Model = new(async () => LoanExport.Load(await LoanExport.TrainAsync(Book(1500), Contract)));

    [Fact]
    public async Task Money_and_loans_of_the_grades_add_up_to_the_total_exactly()
    {
        var (figures, book) = (await DoneAsync(Book(2000, seed: 5)), Book(2000, seed: 5));
        Assert.Equal((2000, 0, 2000), (figures.Rows, figures.RowsInError, figures.Total.Loans));
        Assert.Equal(figures.Total.Loans, figures.Grades.Sum(g => g.Loans));
        Assert.Equal(book.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Sum(l => decimal.Parse(l.Split(',')[5], CultureInfo.InvariantCulture)), figures.Total.Money!.Exposure);
        Assert.Equal(figures.Total.Money, new(figures.Grades.Sum(g => g.Money!.Exposure), figures.Grades.Sum(g => g.Money!.ExpectedLoss)));
        for (var i = 0; i < 2; i++) Assert.Equal(figures.Total.Stressed[i].ExpectedLoss, figures.Grades.Sum(g => g.Stressed[i].ExpectedLoss));
        Assert.Equal(figures.Total.Outcomes!.Bads, figures.Grades.Sum(g => g.Outcomes?.Bads ?? 0));
        Assert.Equal((figures.Total.Probability, figures.Total.Money.ExpectedLoss), (figures.Total.Stressed[0].Probability, figures.Total.Stressed[0].ExpectedLoss)); // odds times 1
        Assert.True(figures.Total.Stressed[1].ExpectedLoss > 1.5m * figures.Total.Money.ExpectedLoss);
    }

    [Fact]
    public async Task Each_loan_counts_with_its_own_probability_exposure_and_loss_given_default()
    {
        const string Two = "id,income,region,noise,bad,ead,lgd\n1,2000,R3,5,,1000.10,0.45\n2,8000,R1,5,,2500,0.1\n";
        var (figures, model) = (await DoneAsync(Two), await Model.Value);
        decimal[] p = [.. new[] { ("2000", "R3"), ("8000", "R1") }.Select(l => Math.Round((decimal)Score(model, l.Item1, l.Item2), 12))];
        Assert.Equal(Math.Round(p[0] * 0.45m * 1000.10m, 2) + Math.Round(p[1] * 0.1m * 2500, 2), figures.Total.Money!.ExpectedLoss);
        Assert.Equal(Math.Round((p[0] + p[1]) / 2, 8), figures.Total.Probability);
        var odds = 3 * (double)p[0] / (1 - (double)p[0]);
        Assert.Equal(odds / (1 + odds), (double)figures.Grades.Single(g => g.Loans > 0 && g.Probability == Math.Round(p[0], 8)).Stressed[1].Probability!.Value, 7);
        Assert.Null(figures.Total.Outcomes); // empty targets: nothing is known
    }

    [Fact]
    public async Task Same_loans_give_the_same_bytes()
    {
        var first = RiskReport.Files(await DoneAsync(Book(500)));
        foreach (var (name, content) in RiskReport.Files(await DoneAsync(Book(500)))) Assert.True(content.SequenceEqual(first[name]), name);
        var html = Encoding.UTF8.GetString(first["risk.html"]);
        foreach (var heading in new[] { "Probability by grade", "Calibration", "Stress" }) Assert.Contains($"<h2>{heading}</h2>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grades_by_points_and_constants_come_from_the_contract()
    {
        var card = (await Model.Value).Card;
        var median = (card.BasePoints + card.Columns.Sum(c => c.AveragePoints)) / 100.0;
        var rules = new RiskRules { Grades = [new() { Name = "1", FromPoints = median }, new() { Name = "2" }], Exposure = 100, Lgd = 0.5m, Scenarios = [] };
        var figures = await DoneAsync(Book(400), Contract with { Risk = rules });
        Assert.Equal(["1", "2"], figures.Grades.Select(g => g.Name));
        Assert.Equal(400 * 100m, figures.Total.Money!.Exposure);
        Assert.True(figures.Grades[0].Probability is null || figures.Grades[1].Probability is null || figures.Grades[0].Probability < figures.Grades[1].Probability);
        Assert.Empty(figures.Scenarios);
        Assert.Null((await DoneAsync(Book(400), Contract with { Risk = new() })).Total.Money);
    }

    [Fact]
    public async Task Probability_that_is_too_low_for_what_happened_is_told()
    {
        var worse = string.Join('\n', Book(1500).Split('\n').Select((l, i) => i % 3 == 0 && i > 0 && l.Length > 0 ? Replaced(l, 4, "1") : l));
        Assert.Equal(CalibrationVerdict.TooLow, (await DoneAsync(worse)).Total.Outcomes!.Verdict);
        var better = string.Join('\n', Book(1500).Split('\n').Select((l, i) => i > 0 && l.Length > 0 ? Replaced(l, 4, "0") : l));
        Assert.Equal(CalibrationVerdict.TooHigh, (await DoneAsync(better)).Total.Outcomes!.Verdict);
    }

    [Theory]
    [InlineData(5, "", "'ead' is no exposure, 0 or more money: give it for every loan.")]
    [InlineData(5, "-1", "'ead' is no exposure, 0 or more money: give it for every loan.")]
    [InlineData(5, "1e300", "'ead' is no exposure, 0 or more money: give it for every loan.")]
    [InlineData(5, "much", "'ead' is not a number: write it with a decimal point and without thousands separators.")]
    [InlineData(6, "45", "'lgd' is no loss given default, 0 to 1: give it for every loan.")]
    [InlineData(1, "x", "'income' is not a number: write it with a decimal point and without thousands separators.")]
    [InlineData(0, "1", "'id' repeats the id of an earlier row: list each loan once.")]
    public async Task Loan_that_cannot_be_valued_is_left_out_and_named_or_refuses_the_file(int column, string value, string fault)
    {
        var lines = Book(200).Split('\n');
        lines[5] = Replaced(lines[5], column, value);
        var figures = await DoneAsync(string.Join('\n', lines));
        Assert.Equal((200, 1, 199), (figures.Rows, figures.RowsInError, figures.Total.Loans));
        Assert.Equal([$"row 5: {fault}"], figures.FirstFaults);
        for (var row = 6; row < 16; row++) lines[row] = Replaced(lines[row], column, value);
        Assert.Equal("11 of 200 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", (await RejectedAsync(string.Join('\n', lines)))[0]);
    }

    [Theory]
    [InlineData("", "The file is empty: drop a CSV with a header line and rows.")]
    [InlineData("id,income,region,noise,lgd\n1,2,R1,3,0.5\n", "The header lacks 'ead', which the model or the contract's risk rules ask for: add the columns.")]
    [InlineData("id,income,region,noise,ead,lgd\n1,2\n", "1 of 1 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.")]
    public async Task File_that_cannot_be_read_is_refused(string csv, string reason) => Assert.Equal(reason, (await RejectedAsync(csv))[0]);

    [Fact]
    public async Task Young_loans_count_as_risk_and_not_as_outcomes()
    {
        var dated = LoanExport.Dated with { PerformanceMonths = 1, Columns = [.. LoanExport.Dated.Columns.Where(c => c.Name != "since")] };
        using var model = LoanExport.Load(await LoanExport.TrainAsync(LoanExport.Csv(800), dated));
        var figures = Assert.IsType<Outcome<RiskFigures>.Done>(await RunAsync(model, LoanExport.Csv(800), dated)).Value;
        Assert.Equal((800, new DateOnly(2020, 6, 8)), (figures.Total.Loans, figures.ObservedOn));
        Assert.InRange(figures.Total.Outcomes!.Loans, 630, 660);
        Assert.Contains("'date' is in the future: correct it.", (await RunAsync(model, LoanExport.Csv(800), dated, new(2020, 2, 1, 0, 0, 0, TimeSpan.Zero)) as Outcome<RiskFigures>.Rejected)!.Reasons[1], StringComparison.Ordinal);
    }

    private static double Score(CreditScorer model, string income, string region)
    {
        var fields = new Dictionary<string, string> { ["income"] = income, ["region"] = region, ["noise"] = "5" };
        return Assert.IsType<Outcome<CreditScore>.Done>(model.Score(fields.ToDictionary(f => f.Key, f => System.Text.Json.JsonSerializer.SerializeToElement(f.Value)))).Value.Probability;
    }

    // id, income, region, noise, bad, ead, lgd
    private static string Book(int rows, int seed = 1) => string.Join('\n', LoanExport.Csv(rows, seed).Split('\n').Select((l, i) => l.Length == 0 ? l
        : string.Join(',', l.Split(',').Take(5)) + (i == 0 ? ",ead,lgd" : string.Create(CultureInfo.InvariantCulture, $",{1000.25m + i},0.{i % 7}5"))));

    private static string Replaced(string line, int column, string value)
    {
        var fields = line.Split(',');
        fields[column] = value;
        return string.Join(',', fields);
    }

    private static async Task<RiskFigures> DoneAsync(string csv, CreditContract? contract = null) =>
        Assert.IsType<Outcome<RiskFigures>.Done>(await RunAsync(await Model.Value, csv, contract ?? Contract)).Value;

    private static async Task<IReadOnlyList<string>> RejectedAsync(string csv) =>
        Assert.IsType<Outcome<RiskFigures>.Rejected>(await RunAsync(await Model.Value, csv, Contract)).Reasons;

    private static async Task<Outcome<RiskFigures>> RunAsync(CreditScorer model, string csv, CreditContract contract, DateTimeOffset? now = null)
    {
        await using var file = await DropOf.Text(csv);
        return await RiskReport.RunAsync(model, contract, file, now ?? Now, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
    }
}
