using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Serving.Credit;

/// <summary>A small scorecard, worked out by hand: base 600; every test changes one thing of it.</summary>
internal static class CreditExample
{
    public static CreditContract Contract { get; } = new()
    {
        Family = "credit",
        Portfolio = "example",
        Version = "1",
        Bad = ["1"],
        MaxReasons = 2,
        Columns =
        [
            new() { Name = "loanId", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "applied", Type = ColumnType.Date, Role = ColumnRole.Date },
            new() { Name = "income", Type = ColumnType.Number, Minimum = 0, Maximum = 1_000_000, Missing = ["NA"], Special = ["-9"], Reason = "Your income is low." },
            new() { Name = "purpose", Type = ColumnType.Category },
            new() { Name = "housing", Type = ColumnType.Category, Allowed = ["own", "rent"] },
            new() { Name = "customerSince", Type = ColumnType.Date, Reason = "You have not been a customer for long." },
            new() { Name = "sex", Type = ColumnType.Category, Role = ColumnRole.Protected },
            new() { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target },
        ],
    };

    public static Scorecard Card { get; } = new(
        60000,
        [
            // (-inf, 1000], (1000, 2500], above, missing, -9
            new("income", ColumnType.Number, [1000, 2500], [], Bins(-1234, 10, 2000, -500, -700), 300),
            // car or boat, travel, missing, unknown
            new("purpose", ColumnType.Category, [], [["car", "boat"], ["travel"]], Bins(500, -500, 0, -100), 200),
            // own, rent, missing, unknown
            new("housing", ColumnType.Category, [], [["own"], ["rent"]], Bins(250, -250, 0, 0), 50),
            // up to a year, longer, missing
            new("customerSince", ColumnType.Date, [365], [], Bins(-300, 300, 0), 100),
        ],
        -0.03, 16);

    public static ModelBundle Bundle(Scorecard? card = null, CreditContract? contract = null, byte[]? graph = null, IReadOnlyList<GoldenApplication>? golden = null)
    {
        card ??= Card;
        return ModelBundle.Create(
            new Manifest
            {
                Family = "credit",
                Portfolio = "example",
                RunId = "run",
                TrainedAt = DateTimeOffset.UnixEpoch,
                DataSha256 = "",
                Rows = 1,
                Metrics = new Dictionary<string, double>(),
            },
            new Dictionary<string, byte[]>
            {
                ["model.onnx"] = graph ?? Graph(card),
                ["features.json"] = Json.File(card),
                ["contract.json"] = Json.File(contract ?? Contract),
                ["golden.json"] = Json.File(golden ?? [Golden]),
            });
    }

    /// <summary>Points: 600 − 12.34 + 5 + 2.5 + 3; probability: 1 / (1 + e^(0.03 · 598.16 − 16)).</summary>
    public static GoldenApplication Golden { get; } = new(
        Fields("""{"income": 900, "purpose": "boat", "housing": "own", "customerSince": "2020-01-01", "applied": "2024-01-01"}"""), 598.16m, 0.12512147311042165);

    public static CreditScorer Scorer(Scorecard? card = null, CreditContract? contract = null) => (CreditScorer)new CreditFamily().Load(Bundle(card, contract));

    public static IReadOnlyDictionary<string, JsonElement> Fields(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, Json.Options)!;

    public static IReadOnlyList<Bin> Bins(params long[] points) => [.. points.Select((p, i) => new Bin($"bin {i}", p, 0, 0, 0))];

    /// <summary>One table of all bins' points; column c starts at its offset.</summary>
    public static byte[] Graph(Scorecard card)
    {
        var graph = new GraphBuilder("scorecard");
        var bins = graph.Input("bins", ElementType.Int64, "n", card.Columns.Count);
        var offsets = card.Columns.Select((_, c) => card.Columns.Take(c).Sum(p => (long)p.Bins.Count)).ToArray();
        var table = card.Columns.SelectMany(c => c.Bins).Select(b => b.Points).ToArray();
        graph.Constant("offsets", offsets, offsets.Length);
        graph.Constant("table", table, table.Length);
        graph.Constant<long>("axis", [1], 1);
        graph.Constant<long>("base", [card.BasePoints], 1);
        graph.Constant<double>("hundred", [100], 1);
        graph.Constant<double>("slope", [card.Slope], 1);
        graph.Constant<double>("intercept", [card.Intercept], 1);
        graph.Node("Add", "places", [bins, "offsets"]);
        graph.Node("Gather", "each", ["table", "places"]);
        graph.Node("ReduceSum", "sum", ["each", "axis"], ("keepdims", 0));
        graph.Node("Add", "hundredths", ["sum", "base"]);
        graph.Node("Cast", "exact", ["hundredths"], ("to", (long)ElementType.Double));
        graph.Node("Div", "points", ["exact", "hundred"]);
        graph.Node("Mul", "scaled", ["points", "slope"]);
        graph.Node("Add", "logit", ["scaled", "intercept"]);
        graph.Node("Sigmoid", "probability", ["logit"]);
        graph.Output("points", ElementType.Double, "n");
        graph.Output("probability", ElementType.Double, "n");
        return graph.ToBytes();
    }
}
