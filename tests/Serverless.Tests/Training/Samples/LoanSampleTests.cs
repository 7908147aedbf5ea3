using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Samples;

public class LoanSampleTests
{
    private static readonly (SampleLoan Loan, bool Defaulted)[] Loans = [.. LoanSample.Loans(40_000, 1)];

    [Fact]
    public async Task Same_seed_gives_the_pinned_bytes()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(await WriteAsync(5_000, 1)));
        Assert.Equal("4bb2951ac593e6011a7f8a8af37e348e7a5b5690fc169ef70421a1937d812159", hash);
    }

    [Fact]
    public async Task Another_seed_gives_other_loans_and_ids()
    {
        var (one, two) = (Encoding.UTF8.GetString(await WriteAsync(50, 1)).Split('\n'), Encoding.UTF8.GetString(await WriteAsync(50, 2)).Split('\n'));
        Assert.Equal(one[0], two[0]);
        Assert.Equal(100, one[1..51].Concat(two[1..51]).Select(l => l.Split(',')[0]).Distinct().Count());
        Assert.Empty(one[1..51].Select(l => l[l.IndexOf(',')..]).Intersect(two[1..51].Select(l => l[l.IndexOf(',')..])));
    }

    [Fact]
    public async Task Every_value_keeps_the_contract()
    {
        await using var file = await DropOf.Bytes(await WriteAsync(5_000, 3));
        await using var csv = Assert.IsType<Outcome<DropTable>.Done>(await DropTable.OpenAsync(file, new DropFormat(), new DropLimits(), TestContext.Current.CancellationToken)).Value;
        Assert.Equal(LoanSample.Contract.Columns.Select(c => c.Name), csv.Header);
        var rows = 0;
        for (; await csv.ReadAsync(TestContext.Current.CancellationToken); rows++)
        {
            foreach (var (at, column) in LoanSample.Contract.Columns.Index())
            {
                var value = csv[at].ToString();
                if (value.Length == 0 || column.Special.Contains(value)) continue;
                if (column.Type == ColumnType.Number) Assert.InRange(double.Parse(value), column.Minimum ?? double.MinValue, column.Maximum ?? double.MaxValue);
                if (column.Type == ColumnType.Date) DateOnly.ParseExact(value, "yyyy-MM-dd");
                if (column.Allowed is { } allowed) Assert.Contains(value, allowed);
            }
        }

        Assert.Equal(5_000, rows);
    }

    [Fact]
    public void About_one_loan_in_eight_defaults() =>
        Assert.InRange(Loans.Average(l => l.Defaulted ? 1.0 : 0), 0.11, 0.13);

    [Fact]
    public void Defaults_happen_as_often_as_the_truth_says()
    {
        foreach (var tenth in Loans.OrderBy(l => l.Loan.TrueProbability).Chunk(Loans.Length / 10))
        {
            var expected = tenth.Average(l => l.Loan.TrueProbability);
            var error = 4 * Math.Sqrt(expected * (1 - expected) / tenth.Length);
            Assert.InRange(tenth.Average(l => l.Defaulted ? 1.0 : 0), expected - error, expected + error);
        }
    }

    [Fact]
    public void Truth_can_be_told_but_not_perfectly() => Assert.InRange(Auc(Loans), 0.74, 0.82);

    [Fact]
    public void Drift_over_the_years_is_mild()
    {
        var half = Loans.Length / 2;
        Assert.InRange(Loans[half..].Average(l => l.Loan.TrueProbability) - Loans[..half].Average(l => l.Loan.TrueProbability), 0.005, 0.025);
    }

    [Fact]
    public void Loans_are_ordered_by_date_and_more_are_made_later()
    {
        var dates = Loans.Select(l => l.Loan.ApplicationDate).ToArray();
        Assert.Equal(dates.Order(), dates);
        Assert.Equal(new DateOnly(2020, 1, 1), dates[0]);
        Assert.Equal(new DateOnly(2025, 9, 30), dates[^1]);
        Assert.True(dates.Count(d => d.Year == 2024) > 1.5 * dates.Count(d => d.Year == 2020));
        Assert.True(dates.Count(d => d.Month == 12) < dates.Count(d => d.Month == 4));
    }

    [Fact]
    public void Columns_move_together_as_people_do()
    {
        var files = Loans.Where(l => l.Loan.Bureau is not null).Select(l => l.Loan).ToArray();
        Assert.True(Correlation(files, l => l.Bureau!.Utilisation, l => l.Bureau!.Delinquencies) > 0.2);
        Assert.True(Correlation(files, l => l.CustomerAge, l => l.ApplicationDate.DayNumber - l.Bureau!.OldestAccount.DayNumber) > 0.5);
        var incomes = Loans.Where(l => l.Loan.Income is not null).ToLookup(l => l.Loan.EmploymentType, l => (double)l.Loan.Income!.Value);
        Assert.True(incomes["permanent"].Average() > 1.1 * incomes["fixed_term"].Average());
        Assert.InRange(Loans.Count(l => l.Loan.SavingsBalance is null) / (double)Loans.Length, 0.35, 0.41);
        Assert.InRange(Loans.Count(l => l.Loan.Bureau is null) / (double)Loans.Length, 0.04, 0.09);
    }

    [Fact]
    public void Contract_and_truth_agree_on_every_direction()
    {
        foreach (var (name, slope) in LoanTruth.Slopes)
        {
            var column = Assert.Single(LoanSample.Contract.Columns, c => c.Name == name);
            Assert.Equal(slope > 0 ? Monotone.Increasing : Monotone.Decreasing, column.Monotone);
        }
    }

    [Fact]
    public void Contract_gives_a_reason_for_every_input_and_uses_nothing_protected()
    {
        var inputs = LoanSample.Contract.Columns.Where(c => c.Role == ColumnRole.Input).ToArray();
        Assert.Equal(12, inputs.Length);
        Assert.All(inputs, c => Assert.False(string.IsNullOrEmpty(c.Reason)));
        Assert.Equal(["customer_sex", "customer_age"], LoanSample.Contract.Columns.Where(c => c.Role == ColumnRole.Protected).Select(c => c.Name));
    }

    [Fact]
    public void Applications_hold_every_input_and_nothing_protected()
    {
        var messages = LoanSample.Applications(30, 5).Select(m => m.ToJsonString()).ToArray();
        Assert.Equal(messages, LoanSample.Applications(30, 5).Select(m => m.ToJsonString()));
        var expected = LoanSample.Contract.Columns.Where(c => c.Role is ColumnRole.Input or ColumnRole.Date).Select(c => c.Name).Order();
        foreach (var message in messages.Select(m => JsonDocument.Parse(m).RootElement))
        {
            Assert.Equal(LoanSample.Portfolio, message.GetProperty("portfolio").GetString());
            Assert.Equal(expected, message.GetProperty("fields").EnumerateObject().Select(f => f.Name).Order());
            Assert.True(message.GetProperty("submittedAt").GetDateTimeOffset() > new DateTimeOffset(2025, 10, 1, 0, 0, 0, TimeSpan.Zero));
        }

        Assert.Equal(30, messages.Select(m => JsonDocument.Parse(m).RootElement.GetProperty("applicationId").GetString()).Distinct().Count());
    }

    private static async Task<byte[]> WriteAsync(int rows, int seed)
    {
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, rows, seed, TestContext.Current.CancellationToken);
        return csv.ToArray();
    }

    private static double Auc((SampleLoan Loan, bool Defaulted)[] loans)
    {
        var (ranks, bads) = (0.0, 0.0);
        foreach (var (rank, (_, defaulted)) in loans.OrderBy(l => l.Loan.TrueProbability).Index())
        {
            if (!defaulted) continue;
            ranks += rank + 1;
            bads++;
        }

        return (ranks - (bads * (bads + 1) / 2)) / (bads * (loans.Length - bads));
    }

    private static double Correlation(SampleLoan[] loans, Func<SampleLoan, double> one, Func<SampleLoan, double> other)
    {
        var (meanOne, meanOther) = (loans.Average(one), loans.Average(other));
        var covariance = loans.Average(l => (one(l) - meanOne) * (other(l) - meanOther));
        return covariance / Math.Sqrt(loans.Average(l => Math.Pow(one(l) - meanOne, 2)) * loans.Average(l => Math.Pow(other(l) - meanOther, 2)));
    }
}
