using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving.Credit;

namespace Serverless.Training.Samples;

/// <summary>
/// A made-up export of consumer loans as a core banking system would write it, with a known truth: the same seed gives the same
/// bytes. About one loan in eight defaults. Nobody in it exists.
/// </summary>
public static class LoanSample
{
    /// <summary>The sample's portfolio.</summary>
    public const string Portfolio = "consumer-loans";

    /// <summary>What a bureau column holds when the bureau has no file.</summary>
    internal const string NoFile = "-9";

    private const string Header = "loan_id,application_date,amount,term_months,purpose,income,employment_type,years_employed,debt_to_income,"
        + "credit_utilisation,delinquencies_2y,inquiries_6m,savings_balance,oldest_account_date,region,customer_sex,customer_age,status\n";

    /// <summary>The contract of the export: 12 inputs, two protected columns, bureau code -9 as a special value.</summary>
    public static CreditContract Contract { get; } = LoanContract.Create();

    /// <summary>Writes the export as CSV, ordered by date of application, ids unique to the seed.</summary>
    /// <param name="csv">Where to; left open.</param>
    /// <param name="rows">Number of loans.</param>
    /// <param name="seed">The only source of chance.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task WriteAsync(Stream csv, int rows, int seed, CancellationToken cancel = default)
    {
        var text = new StringBuilder(Header, 1 << 17);
        var row = 0;
        foreach (var (loan, defaulted) in Loans(rows, seed))
        {
            Append(text, seed, ++row, loan, defaulted);
            if (text.Length < 1 << 16) continue;
            await csv.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
            text.Clear();
        }

        await csv.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
    }

    /// <summary>
    /// New applications from the same population, in the quarter after the export, as messages
    /// <c>{applicationId, portfolio, submittedAt, fields}</c>; a missing value is null.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The only source of chance; ids are unique to it.</param>
    public static IEnumerable<JsonObject> Applications(int count, int seed)
    {
        var random = new Random(seed);
        var people = new LoanPopulation(random);
        for (var i = 1; i <= count; i++)
        {
            var day = LoanPopulation.Last.AddDays(1 + random.Next(90));
            var submitted = day.ToDateTime(new TimeOnly(8 + random.Next(11), random.Next(60), random.Next(60)));
            yield return new JsonObject
            {
                ["applicationId"] = string.Create(CultureInfo.InvariantCulture, $"A-{(uint)seed}-{i:D6}"),
                ["portfolio"] = Portfolio,
                ["submittedAt"] = new DateTimeOffset(submitted, TimeSpan.Zero),
                ["fields"] = Fields(people.Draw(day)),
            };
        }
    }

    /// <summary>The loans of the export with their outcomes.</summary>
    internal static IEnumerable<(SampleLoan Loan, bool Defaulted)> Loans(int rows, int seed)
    {
        var random = new Random(seed);
        var people = new LoanPopulation(random);
        for (var i = 0; i < rows; i++)
        {
            var loan = people.Draw(LoanPopulation.DayAt((i + random.NextDouble()) / rows));
            yield return (loan, random.NextDouble() < loan.TrueProbability);
        }
    }

    private static void Append(StringBuilder text, int seed, int row, SampleLoan loan, bool defaulted)
    {
        var invariant = CultureInfo.InvariantCulture;
        text.Append(invariant, $"CL-{(uint)seed}-{row:D7},{loan.ApplicationDate:yyyy-MM-dd},{loan.Amount:F2},{loan.TermMonths},{loan.Purpose},{loan.Income:F2},{loan.EmploymentType},{loan.YearsEmployed:F1},{loan.DebtToIncome:F1},");
        if (loan.Bureau is { } file) text.Append(invariant, $"{file.Utilisation:F1},{file.Delinquencies},{file.Inquiries},");
        else text.Append($"{NoFile},{NoFile},{NoFile},");
        text.Append(invariant, $"{loan.SavingsBalance:F2},{loan.Bureau?.OldestAccount:yyyy-MM-dd},{loan.Region},{loan.CustomerSex},{loan.CustomerAge},{(defaulted ? "defaulted" : "repaid")}\n");
    }

    private static JsonObject Fields(SampleLoan loan) => new()
    {
        ["application_date"] = loan.ApplicationDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["amount"] = loan.Amount,
        ["term_months"] = loan.TermMonths,
        ["purpose"] = loan.Purpose,
        ["income"] = loan.Income,
        ["employment_type"] = loan.EmploymentType,
        ["years_employed"] = loan.YearsEmployed,
        ["debt_to_income"] = loan.DebtToIncome,
        ["credit_utilisation"] = loan.Bureau?.Utilisation ?? -9,
        ["delinquencies_2y"] = loan.Bureau?.Delinquencies ?? -9,
        ["inquiries_6m"] = loan.Bureau?.Inquiries ?? -9,
        ["savings_balance"] = loan.SavingsBalance,
        ["oldest_account_date"] = loan.Bureau?.OldestAccount.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
