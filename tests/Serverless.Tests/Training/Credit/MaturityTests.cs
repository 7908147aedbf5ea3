using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class MaturityTests
{
    private static readonly CreditContract Window = LoanExport.Dated with
    {
        PerformanceMonths = 12,
        Columns = [.. LoanExport.Dated.Columns.Where(c => c.Name is "id" or "income" or "bad" or "date")],
    };

    // Ten loans a month of 2024 and 2025, the first two of each bad; in 2025 the good ones have no outcome yet.
    private static string Csv(Func<DateOnly, int, string>? outcome = null) => "id,income,bad,date\n" + string.Concat(
        from month in Enumerable.Range(0, 24)
        let day = new DateOnly(2024, 1, 15).AddMonths(month)
        from loan in Enumerable.Range(0, 10)
        select string.Create(CultureInfo.InvariantCulture, $"{month}-{loan},{1000 + loan},{(outcome ?? Outcome)(day, loan)},{day:yyyy-MM-dd}\n"));

    private static string Outcome(DateOnly day, int loan) => loan < 2 ? "1" : day.Year == 2025 ? "" : "0";

    private static async Task<DropReading> ReadAsync(CreditContract contract, DateOnly? observed = null, string? csv = null, int year = 2026)
    {
        await using var drop = await DropOf.Text(csv ?? Csv());
        var context = new ReadingContext(new DateTimeOffset(year, 1, 10, 0, 0, 0, TimeSpan.Zero)) { ObservedOn = observed };
        return await new CreditTrainer().ReadAsync(contract, drop, context, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
    }

    private static CreditRows Rows(DropReading reading) => (CreditRows)Assert.IsType<Outcome<TrainingRows>.Done>(reading.Rows).Value;

    private static IReadOnlyList<string> Reasons(DropReading reading) => Assert.IsType<Outcome<TrainingRows>.Rejected>(reading.Rows).Reasons;

    [Fact]
    public async Task Young_rows_are_left_out_good_or_bad_and_need_no_outcome()
    {
        // The latest row is of 15 December 2025: loans up to 15 December 2024 are a year old.
        var reading = await ReadAsync(Window);
        var rows = Rows(reading);
        Assert.Equal((120, 24, 0, 120), (rows.Count, rows.Bad.Count(b => b), rows.RowsInError, rows.RowsImmature));
        Assert.All(rows.Dates, d => Assert.True(d < 20089, "2025-01-01"));
        Assert.Equal((120, new DateOnly(2025, 12, 15), 0.2), (reading.Quality!.RowsImmature, reading.Quality.ObservedOn, reading.Quality.Outcomes!.Rate));
        Assert.Equal(rows.Count, rows.Columns[0].Numbers.Length);
    }

    [Theory]
    [InlineData("2025-12-14", null, 110)]
    [InlineData("2025-12-15", null, 120)]
    [InlineData("2026-01-01", "2025-06-14", 50)]
    public async Task Day_of_observation_is_the_drops_then_the_contracts(string contracts, string? drops, int old)
    {
        var contract = Window with { ObservedOn = DateOnly.Parse(contracts, CultureInfo.InvariantCulture) };
        DateOnly? observed = drops is null ? null : DateOnly.Parse(drops, CultureInfo.InvariantCulture);
        var rows = Rows(await ReadAsync(contract, observed, Csv((_, loan) => loan < 2 ? "1" : "0")));
        Assert.Equal((old, 240 - old), (rows.Count, rows.RowsImmature));
    }

    [Fact]
    public async Task Old_row_without_an_outcome_is_a_fault()
    {
        var csv = Csv((day, loan) => day == new DateOnly(2024, 3, 15) && loan == 4 ? "" : Outcome(day, loan));
        Assert.Equal(1, Rows(await ReadAsync(Window with { Training = new() { MaxRowsInError = 0.01 } }, csv: csv)).RowsInError);
        Assert.Equal("row 25: 'bad' is empty: a training row needs its outcome.", Reasons(await ReadAsync(Window with { Training = new() { MaxRowsInError = 0 } }, csv: csv))[1]);
    }

    [Fact]
    public async Task Too_few_old_rows_are_rejected_with_what_was_left_out() => Assert.Equal(
        ["40 rows with 8 bad loans are too few: a model needs at least 50 rows with 10 good and 10 bad loans. 200 rows younger than 12 months on 2025-04-20 were left out, since their outcome is not known yet: drop older loans, or correct the day of observation."],
        Reasons(await ReadAsync(Window, new DateOnly(2025, 4, 20))));

    [Fact]
    public async Task Day_of_observation_in_the_future_is_rejected() => Assert.Equal(
        ["The outcomes are said to be those of 2026-01-12, which lies in the future: correct the day of observation."],
        Reasons(await ReadAsync(Window, new DateOnly(2026, 1, 12), Csv((_, loan) => loan < 2 ? "1" : "0"))));

    [Fact]
    public async Task Row_dated_in_the_future_is_a_fault()
    {
        var reasons = Reasons(await ReadAsync(LoanExport.Dated with { Columns = Window.Columns }, csv: Csv((_, loan) => loan < 2 ? "1" : "0"), year: 2025));
        Assert.Equal("120 of 240 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", reasons[0]);
        Assert.Equal("row 121: 'date' lies in the future: correct it, or the clock of the system that wrote it.", reasons[1]);
    }

    [Fact]
    public void Window_before_the_calendar_has_no_last_day() => Assert.True(OutcomeCalendar.LastMature(new DateOnly(20, 1, 1), 600) < OutcomeCalendar.LastMature(new DateOnly(52, 1, 1), 600));

    [Theory]
    [InlineData("2026-02-28", 1, "2026-01-31")]
    [InlineData("2026-03-30", 1, "2026-02-28")]
    [InlineData("2024-02-29", 12, "2023-02-28")]
    [InlineData("2026-06-15", 24, "2024-06-15")]
    [InlineData("9999-12-31", 12, "9998-11-21")]
    public void Last_mature_day_is_the_last_whose_window_has_ended(string observed, int months, string last) => Assert.Equal(
        DateOnly.Parse(last, CultureInfo.InvariantCulture),
        OutcomeCalendar.DateOf(OutcomeCalendar.LastMature(DateOnly.Parse(observed, CultureInfo.InvariantCulture), months)));
}
