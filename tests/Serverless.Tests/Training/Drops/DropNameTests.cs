using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Drops;

public class DropNameTests
{
    [Fact]
    public void Name_says_family_portfolio_and_file() =>
        Assert.Equal(new DropName("credit", "consumer", "2026-03.CSV"), Assert.IsType<Outcome<DropName>.Done>(Read("credit/consumer/2026-03.CSV", DropName.MaxBytes)).Value);

    [Theory]
    [InlineData("loans.csv", 1, "The drop's name must be {family}/{portfolio}/{file}.csv, such as credit/consumer/2026-03.csv.")]
    [InlineData("credit/consumer/march/loans.csv", 1, "The drop's name must be {family}/{portfolio}/{file}.csv, such as credit/consumer/2026-03.csv.")]
    [InlineData("credit/consumer/loans.xlsx", 1, "The drop must be a CSV file whose name ends in .csv.")]
    [InlineData("credit/consumer/loans.csv", (64 << 20) + 1, "The drop has 67108865 bytes and may have 67108864 (64 MB): split it, or leave out columns that the contract ignores.")]
    [InlineData(
        "loans/Consumer/a b.txt", 1,
        "family, the first part of the drop's name, must be one of 'credit', 'text'.",
        "portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.",
        "file name must be 1 to 100 letters, digits, '-', '_' and '.', a letter or digit first.",
        "The drop must be a CSV file whose name ends in .csv.")]
    public void Drop_that_nothing_can_train_on_is_rejected_with_all_faults(string name, long bytes, params string[] reasons) =>
        Assert.Equal(reasons, Assert.IsType<Outcome<DropName>.Rejected>(Read(name, bytes)).Reasons);

    private static Outcome<DropName> Read(string name, long bytes) => DropName.Read(name, bytes, ["text", "credit"]);
}
