using System.Globalization;
using System.Text;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Training.Credit.Imported;

/// <summary>
/// A network of one hidden layer with drawn weights, as another program exports it, and loans whose outcomes follow it. Risk falls with income and rises
/// with debts on every way through the network.
/// </summary>
internal static class SmallNetwork
{
    /// <summary>Income, debts, days from 1970 to the beginning, and three purposes.</summary>
    public const int Width = 6;

    private const int Hidden = 8;
    private static readonly float[] Scales = [3000, 1, 4000, 1, 1, 1];
    private static readonly float[] FirstWeights = new float[Width * Hidden];
    private static readonly float[] FirstBias = new float[Hidden];
    private static readonly float[] SecondWeights = new float[Hidden];
    private const float SecondBias = -0.5f;

    static SmallNetwork()
    {
        var random = new Random(7);
        for (var h = 0; h < Hidden; h++)
        {
            SecondWeights[h] = (float)(1.5 * (random.NextDouble() - 0.5));
            FirstBias[h] = (float)(random.NextDouble() - 0.5);
            for (var i = 0; i < Width; i++)
            {
                var drawn = (float)(4 * (random.NextDouble() - 0.5)) / Scales[i];
                FirstWeights[(i * Hidden) + h] = i > 1 ? drawn : Math.Abs(drawn) * Math.Sign(SecondWeights[h]) * (i == 0 ? -1 : 1);
            }
        }
    }

    public static CreditContract Contract { get; } = new()
    {
        Family = "credit",
        Portfolio = "example",
        Version = "1",
        Bad = ["1"],
        Policy = new() { ApproveBelow = 0.4, DeclineFrom = 0.6 },
        Columns =
        [
            new() { Name = "id", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "income", Type = ColumnType.Number, Minimum = 0, Maximum = 50_000, Special = ["-9"], Monotone = Monotone.Decreasing, Reason = "Your income is low.", Actionable = true },
            new() { Name = "debts", Type = ColumnType.Number, Minimum = 0, Actionable = true },
            new() { Name = "since", Type = ColumnType.Date },
            new() { Name = "purpose", Type = ColumnType.Category, Allowed = ["car", "home", "travel"] },
            new() { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target },
        ],
    };

    /// <summary>The log-odds, computed here.</summary>
    public static double LogOdds(params ReadOnlySpan<double> x)
    {
        double sum = SecondBias;
        for (var h = 0; h < Hidden; h++)
        {
            double inner = FirstBias[h];
            for (var i = 0; i < Width; i++) inner += (float)x[i] * FirstWeights[(i * Hidden) + h];
            sum += Math.Tanh(inner) * SecondWeights[h];
        }

        return sum;
    }

    /// <summary>The ONNX file.</summary>
    /// <param name="last">What comes after the last layer: nothing gives log-odds, [n, 1].</param>
    /// <param name="width">Another number of inputs.</param>
    /// <param name="rows">A fixed number of rows.</param>
    public static byte[] Graph(Action<GraphBuilder>? last = null, int width = Width, object? rows = null)
    {
        var graph = new GraphBuilder("exported");
        graph.Input("features", ElementType.Float, rows ?? "batch", width);
        graph.Node("Gemm", "hidden", ["features", graph.Constant<float>("w1", FirstWeights.AsSpan(0, Math.Min(width, Width) * Hidden), Math.Min(width, Width), Hidden), graph.Constant<float>("b1", FirstBias, Hidden)]);
        graph.Node("Tanh", "bent", ["hidden"]);
        graph.Node("Gemm", "logit", ["bent", graph.Constant<float>("w2", SecondWeights, Hidden, 1), graph.Constant<float>("b2", [SecondBias], 1)]);
        if (last is null) graph.Output("logit", ElementType.Float, rows ?? "batch", 1);
        else last(graph);
        return graph.ToBytes();
    }

    /// <summary>The same that gives a probability.</summary>
    public static byte[] Sigmoid() => Graph(g =>
    {
        g.Node("Sigmoid", "probability", ["logit"]);
        g.Output("probability", ElementType.Float, "batch", 1);
    });

    /// <summary>Loans with outcomes; a tenth has no income.</summary>
    public static string Csv(int rows, int seed = 1)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("id,income,debts,since,purpose,bad\n");
        for (var row = 0; row < rows; row++)
        {
            var (income, debts, days, purpose) = (random.Next(500, 9000), Math.Round(2 * random.NextDouble(), 3), random.Next(8000, 18000), random.Next(3));
            var bad = random.NextDouble() < 1 / (1 + Math.Exp(-LogOdds(income, debts, days, purpose == 0 ? 1 : 0, purpose == 1 ? 1 : 0, purpose == 2 ? 1 : 0)));
            csv.Append(CultureInfo.InvariantCulture, $"L{row},{(row % 10 == 0 ? "" : income)},{debts},{Day(days)},{Contract.Columns[4].Allowed![purpose]},{(bad ? 1 : 0)}\n");
        }

        return csv.ToString();
    }

    public static string Day(int days) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static IReadOnlyDictionary<string, JsonElement> Fields(double income, double debts, int days, string purpose) => new Dictionary<string, JsonElement>
    {
        ["income"] = JsonSerializer.SerializeToElement(income),
        ["debts"] = JsonSerializer.SerializeToElement(debts),
        ["since"] = JsonSerializer.SerializeToElement(Day(days)),
        ["purpose"] = JsonSerializer.SerializeToElement(purpose),
    };

    public static Outcome<ImportedSource> Read(byte[] graph, CreditContract? contract = null, string? output = null, GraphGives? gives = null, MissingValue missing = MissingValue.Median) =>
        ImportedSource.Read(graph, contract ?? Contract, output, gives, missing);

    /// <summary>Registers a graph on some loans.</summary>
    public static async Task<CreditTrainedModel> RegisterAsync(byte[] graph, string? csv = null, CreditContract? contract = null, GraphGives? gives = null, MissingValue missing = MissingValue.Median)
    {
        contract = ImportedTrainer.Halved(contract ?? Contract);
        using var trainer = new ImportedTrainer(Assert.IsType<Outcome<ImportedSource>.Done>(Read(graph, contract, null, gives, missing)).Value, contract);
        var rows = await LoanExport.RowsAsync(csv ?? Csv(2000), contract);
        return (CreditTrainedModel)trainer.Train(rows, TrainingCheckpoints.None, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
    }
}
