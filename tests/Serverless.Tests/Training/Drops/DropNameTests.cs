using Serverless.Serving;
using Serverless.Training.Credit;
using Serverless.Training.Documents;
using Serverless.Training.Drops;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Drops;

public class DropNameTests
{
    [Theory]
    [InlineData("2026-03.CSV", false)]
    [InlineData("2026-03.csv.gz", false)]
    [InlineData("2026-03.parquet", false)]
    [InlineData("2026-03.drop.json", true)]
    public void Name_says_family_portfolio_and_file_and_what_it_is(string file, bool manifest)
    {
        var name = Assert.IsType<Outcome<DropName>.Done>(Read($"credit/consumer/{file}", manifest ? DropManifest.MaxBytes : DropName.MaxBytes)).Value;
        Assert.Equal((new DropName("credit", "consumer", file), manifest), (name, name.IsManifest));
    }

    [Fact]
    public void Family_says_how_its_drops_end() =>
        Assert.Equal(new DropName("documents", "pages", "2026-03.zip"), Assert.IsType<Outcome<DropName>.Done>(Read("documents/pages/2026-03.zip", 1)).Value);

    [Theory]
    [InlineData("loans.csv", 1, "The drop's name must be {family}/{portfolio}/{file}.csv, such as credit/consumer/2026-03.csv.")]
    [InlineData("credit/consumer/loans.xlsx", 1, "The drop must be a CSV or Parquet file whose name ends in .csv, .csv.gz or .parquet, or a manifest whose name ends in .drop.json.")]
    [InlineData("documents/pages/labels.csv", 1, "The drop must be a ZIP of pictures and their labels whose name ends in .zip, or a manifest whose name ends in .drop.json.")]
    [InlineData("credit/consumer/loans.zip", 1, "The drop must be a CSV or Parquet file whose name ends in .csv, .csv.gz or .parquet, or a manifest whose name ends in .drop.json.")]
    [InlineData("credit/consumer/loans.csv", (64 << 20) + 1, "The drop has 67108865 bytes and may have 67108864 (64 MB): drop it in parts with a manifest, as 'serverless drops upload' does.")]
    [InlineData("credit/consumer/loans.drop.json", (1 << 20) + 1, "The manifest has 1048577 bytes and may have 1048576 (1 MB): drop fewer, larger parts.")]
    [InlineData(
        "loans/Consumer/a b.txt", 1,
        "family, the first part of the drop's name, must be one of 'credit', 'documents', 'text'.",
        "portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.",
        "file name must be 1 to 100 letters, digits, '-', '_' and '.', a letter or digit first.",
        "The drop must be a CSV or Parquet file whose name ends in .csv, .csv.gz or .parquet, or a manifest whose name ends in .drop.json.")]
    public void Drop_that_nothing_can_train_on_is_rejected_with_all_faults(string name, long bytes, params string[] reasons) =>
        Assert.Equal(reasons, Assert.IsType<Outcome<DropName>.Rejected>(Read(name, bytes)).Reasons);

    [Fact]
    public void Part_and_manifest_lead_to_each_other()
    {
        Assert.Equal("credit/consumer/march.parts/", DropName.PartsOf("credit/consumer/march.drop.json"));
        Assert.Equal("credit/consumer/march.drop.json", DropName.ManifestOf("credit/consumer/march.parts/a/b.csv"));
        Assert.Equal((true, false), (DropName.IsPart("credit/consumer/march.parts/b.csv"), DropName.IsPart("credit/consumer/march.csv")));
    }

    private static Outcome<DropName> Read(string name, long bytes) => DropName.Read(name, bytes, DropForms.Of([new TextTrainer(), new CreditTrainer(), new DocumentTrainer()]));
}
