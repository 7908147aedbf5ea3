using System.Globalization;
using System.Text;
using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>A small model with an autoencoder, trained once: loans in which the instalment goes with the amount, and the shop with the town.</summary>
internal static class TrainedAutoencoder
{
    private static readonly Lazy<Task<(CreditRows, CreditTrainedModel)>> _model = new(async () =>
    {
        var rows = await LoanExport.RowsAsync(Csv(600), Contract);
        return (rows, (CreditTrainedModel)new CreditTrainer().Train(rows, Serverless.Training.TrainingCheckpoints.None, new Progress<Serverless.Training.TrainingProgress>(), default));
    });

    public static CreditContract Contract { get; } = new()
    {
        Family = "credit",
        Portfolio = "example",
        Version = "3",
        Bad = ["1"],
        Autoencoder = new() { Epochs = 40, Percentile = 0.99, PastCases = 50 },
        Columns =
        [
            new() { Name = "id", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "amount", Type = ColumnType.Number, Special = ["-9"] },
            new() { Name = "instalment", Type = ColumnType.Number },
            new() { Name = "town", Type = ColumnType.Category },
            new() { Name = "shop", Type = ColumnType.Category },
            new() { Name = "employer", Type = ColumnType.Category },
            new() { Name = "burden", Type = ColumnType.Number, Expression = "instalment / amount" },
            new() { Name = "sex", Type = ColumnType.Category, Role = ColumnRole.Protected },
            new() { Name = "bad", Type = ColumnType.Category, Role = ColumnRole.Target },
        ],
    };

    public static async Task<CreditRows> RowsAsync() => (await _model.Value).Item1;

    public static async Task<CreditTrainedModel> ModelAsync() => (await _model.Value).Item2;

    public static async Task<CreditScorer> LoadAsync() => LoanExport.Load(await ModelAsync());

    public static string Csv(int rows)
    {
        var random = new Random(1);
        var csv = new StringBuilder("id,amount,instalment,town,shop,employer,sex,bad\n");
        for (var row = 0; row < rows; row++)
        {
            var (amount, town) = (random.Next(10, 1000) * 10, random.Next(4));
            csv.Append(CultureInfo.InvariantCulture, $"{row},{(row % 20 == 0 ? "-9" : amount)},{(amount / 50) + random.Next(10)},T{town},S{town}{random.Next(3)},Firm {row % 150} Ltd,{row % 2},{(random.Next(10_000) > amount ? 1 : 0)}\n");
        }

        return csv.ToString();
    }
}
