namespace Serverless.Training.Samples;

/// <summary>
/// The people who apply in <see cref="LoanSample"/>. One hidden trait, prudence, ties utilisation, late payments, inquiries and
/// savings together; age and employment tie income, years employed and the age of the oldest account.
/// </summary>
internal sealed class LoanPopulation(Random random)
{
    /// <summary>First day of the export.</summary>
    public static readonly DateOnly First = new(2020, 1, 1);

    /// <summary>Last day of the export: the loans were watched for twelve months after it, so that every outcome is known.</summary>
    public static readonly DateOnly Last = new(2025, 9, 30);

    /// <summary>The middle of the period, where the drift is zero.</summary>
    public static readonly DateOnly Middle = new(2022, 11, 15);

    private static readonly int[] Terms = [12, 18, 24, 36, 48, 60, 72, 84];
    private static readonly string[] Regions = ["north", "east", "south", "west", "midlands", "capital", "coast", "islands"];
    private static readonly double[] DayShares = CumulativeDays();
    private double? _spare;

    /// <summary>The day on which a share of all applications had been made: more in later years, in spring and autumn, few at weekends.</summary>
    /// <param name="share">0 to below 1.</param>
    public static DateOnly DayAt(double share)
    {
        var found = Array.BinarySearch(DayShares, share);
        return First.AddDays(Math.Min(found < 0 ? ~found : found + 1, DayShares.Length - 1));
    }

    /// <summary>Draws an applicant of a day.</summary>
    public SampleLoan Draw(DateOnly day)
    {
        var prudence = Normal();
        var age = (int)Math.Clamp(Math.Round(41 + (13 * Normal())), 18, 79);
        var employment = Employment(age);
        var sex = Pick(0.49, "female", 0.98, "male", "undisclosed");
        var region = Regions[(int)(random.NextDouble() * random.NextDouble() * Regions.Length)];
        var income = Math.Exp(10.5 + EmploymentPay(employment) + (0.012 * (Math.Min(age, 55) - 40)) + (sex == "female" ? -0.08 : 0)
            + (region == "capital" ? 0.18 : 0) + (0.40 * Normal()));
        var purpose = prudence < -0.3 && random.NextDouble() < 0.25 ? "debt_consolidation" : Purpose();
        var amount = Math.Clamp(Math.Round(Math.Exp(9.05 + (0.45 * Math.Log(income / 36_000)) + PurposeSize(purpose) + (0.5 * Normal())) / 50) * 50, 500, 75_000);
        var term = Terms[(int)Math.Clamp(Math.Round(3 + (1.6 * Math.Log(amount / 9_000)) + (1.1 * Normal())), 0, Terms.Length - 1)];
        var verified = random.NextDouble() >= (employment == "self_employed" ? 0.08 : 0.01);
        var payments = (amount / term * 1.15) + (income / 12 * 0.16 * Math.Exp((-0.35 * prudence) + (0.45 * Normal())));
        return new SampleLoan
        {
            ApplicationDate = day,
            Amount = Money(amount),
            TermMonths = term,
            Purpose = purpose,
            Income = verified ? Money(income) : null,
            EmploymentType = employment,
            YearsEmployed = employment == "retired" ? null : Math.Round(random.NextDouble() * random.NextDouble() * (age - 16), 1),
            DebtToIncome = verified ? Math.Round(Math.Min(payments / income * 1_200, 150), 1) : null,
            Bureau = Bureau(day, age, prudence),
            SavingsBalance = Savings(income, prudence),
            Region = region,
            CustomerSex = sex,
            CustomerAge = age,
        };
    }

    private SampleBureau? Bureau(DateOnly day, int age, double prudence)
    {
        if (random.NextDouble() < (age < 25 ? 0.25 : 0.04)) return null;
        var utilisation = 110 / (1 + Math.Exp(0.6 + (0.9 * prudence) - (0.9 * Normal())));
        var years = Math.Max(0.2, (age - 18) * Math.Sqrt(random.NextDouble()) * 0.8);
        return new(
            Math.Round(utilisation, 1),
            Poisson(Math.Exp(-1.9 - (0.75 * prudence))),
            Poisson(Math.Exp(-0.3 - (0.3 * prudence))),
            day.AddDays(-(int)(years * 365.25)));
    }

    private decimal? Savings(double income, double prudence)
    {
        if (random.NextDouble() < 0.38) return null;
        if (random.NextDouble() < 0.12) return 0.00m;
        return Money(Math.Min(income * 0.06 * Math.Exp((0.6 * prudence) + (1.1 * Normal())), 500_000));
    }

    private string Employment(int age) => age >= 65 && random.NextDouble() < 0.85
        ? "retired"
        : Pick(0.60, "permanent", 0.74, "public_sector", 0.87, "self_employed", "fixed_term");

    private static double EmploymentPay(string employment) => employment switch
    {
        "fixed_term" => -0.22,
        "self_employed" => 0.10,
        "public_sector" => 0.04,
        "retired" => -0.45,
        _ => 0,
    };

    private string Purpose() => random.NextDouble() switch
    {
        < 0.29 => "car",
        < 0.52 => "home_improvement",
        < 0.72 => "debt_consolidation",
        < 0.82 => "furniture",
        < 0.88 => "education",
        < 0.92 => "medical",
        < 0.95 => "wedding",
        _ => "other",
    };

    private static double PurposeSize(string purpose) => purpose switch
    {
        "car" => 0.25,
        "home_improvement" => 0.30,
        "debt_consolidation" => 0.10,
        "furniture" or "medical" => -0.60,
        _ => -0.20,
    };

    private string Pick(double first, string one, double second, string two, string three) =>
        random.NextDouble() is var at && at < first ? one : at < second ? two : three;

    private string Pick(double first, string one, double second, string two, double third, string three, string four) =>
        random.NextDouble() is var at && at < first ? one : at < second ? two : at < third ? three : four;

    // Box and Muller 1958: two normals from two uniforms.
    private double Normal()
    {
        if (_spare is { } kept)
        {
            _spare = null;
            return kept;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        var angle = 2 * Math.PI * random.NextDouble();
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    // Knuth's method; the means here are below 10.
    private int Poisson(double mean)
    {
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = random.NextDouble(); product > limit && count < 12; product *= random.NextDouble()) count++;
        return count;
    }

    private static decimal Money(double amount) => Math.Round((decimal)amount, 2) + 0.00m;

    private static double[] CumulativeDays()
    {
        ReadOnlySpan<double> months = [0.80, 0.85, 1.10, 1.15, 1.15, 1.05, 0.95, 0.80, 1.10, 1.15, 1.05, 0.70];
        var shares = new double[Last.DayNumber - First.DayNumber + 1];
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            var day = First.AddDays(i);
            var weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.3 : 1;
            shares[i] = sum += (1 + (0.3 * i / 365.25)) * months[day.Month - 1] * weekend;
        }

        for (var i = 0; i < shares.Length; i++) shares[i] /= sum;
        return shares;
    }
}
