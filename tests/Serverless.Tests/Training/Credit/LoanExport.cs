using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>A seeded export whose truth is known: risk falls with income, is high where income is missing, and depends on the region; noise tells nothing.</summary>
internal static class LoanExport
{
    public static CreditContract Contract { get; } = new()
    {
        Family = "credit",
        Portfolio = "example",
        Version = "3",
        Bad = ["1"],
        Models = new() { Kinds = [ModelKind.Scorecard] },
        Columns =
        [
            new() { Name = "id", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "income", Type = ColumnType.Number, Special = ["-9"], Minimum = 0 },
            new() { Name = "region", Type = ColumnType.Category },
            new() { Name = "noise", Type = ColumnType.Number },
            new() { Name = "bad", Type = ColumnType.Category, Role = ColumnRole.Target },
        ],
    };

    public static CreditContract Dated { get; } = Contract with { Columns = [.. Contract.Columns, new() { Name = "date", Type = ColumnType.Date, Role = ColumnRole.Date }, new() { Name = "since", Type = ColumnType.Date }] };

    public static string Csv(int rows, int seed = 1, int firstId = 0)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("id,income,region,noise,bad,date,since\n");
        for (var row = 0; row < rows; row++)
        {
            var income = random.Next(1000, 9000);
            var (region, kind) = (random.Next(4), random.Next(20));
            var logOdds = -1.5 - ((income - 5000) / 1500.0) + (region == 3 ? 1.5 : 0) + (kind == 0 ? 2 : 0);
            var bad = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds));
            var date = new DateOnly(2020, 1, 1).AddDays(row / 5);
            csv.Append(CultureInfo.InvariantCulture, $"{firstId + row},{(kind == 0 ? "" : kind == 1 ? "-9" : income)},R{region},{random.Next(1000)},{(bad ? 1 : 0)},{date:yyyy-MM-dd},{date.AddDays(-random.Next(3000)):yyyy-MM-dd}\n");
        }

        return csv.ToString();
    }

    public static async Task<Outcome<TrainingRows>> ReadAsync(string csv, CreditContract? contract = null)
    {
        await using var drop = await DropOf.Text(csv);
        return (await new CreditTrainer().ReadAsync(contract ?? Contract, drop, DropOf.Context, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken)).Rows;
    }

    public static async Task<CreditRows> RowsAsync(string csv, CreditContract? contract = null) =>
        (CreditRows)Assert.IsType<Outcome<TrainingRows>.Done>(await ReadAsync(csv, contract)).Value;

    public static async Task<CreditTrainedModel> TrainAsync(string csv, CreditContract? contract = null) =>
        (CreditTrainedModel)new CreditTrainer().Train(await RowsAsync(csv, contract), TrainingCheckpoints.None, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);

    public static CreditScorer Load(CreditTrainedModel model) => (CreditScorer)new CreditFamily().Load(ModelBundle.Create(
        new Manifest
        {
            Family = "credit",
            Portfolio = "example",
            RunId = "run",
            TrainedAt = DateTimeOffset.UnixEpoch,
            DataSha256 = "",
            Rows = model.Rows,
            Metrics = model.Metrics,
        },
        model.Served));
}
