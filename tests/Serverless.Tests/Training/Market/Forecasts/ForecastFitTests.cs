using Serverless.Serving.Market;
using Serverless.Training.Market.Forecasts;
using Serverless.Training.Torch;
using static TorchSharp.torch;

namespace Serverless.Tests.Training.Market.Forecasts;

public class ForecastFitTests
{
    private static readonly ForecastRules Small = new() { Networks = 2, Epochs = 2, Window = 5, Units = 4 };
    private static readonly IReadOnlyList<SymbolDays> Symbols = [.. ((string[])["A", "B"]).Select((s, i) => SymbolDays.Of(MadeReturns.Bars(s, 700, i + 1), [MadeReturns.Bars("V", 700, 9)]))];
    private static readonly Lazy<ForecastFit> Fitted = new(() => Fit(Symbols, 1));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Graph_answers_as_the_trained_network_does(int horizon)
    {
        // Weights that say something about every head: what few passes learn is close to nothing.
        var random = new Random(3);
        RecurrentWeights[] members = [.. Enum.GetValues<RecurrentCell>().Select(cell => Drawn(RecurrentWeights.Draw(cell, Fitted.Value.Scaling.Means.Length, 2, 4, 1, random), random))];
        var fit = (horizon == 1 ? Fitted.Value : Fit(Symbols, horizon)) with { Members = members, Levels = [0.1, -0.2] };
        using var model = fit.Load(Symbols, ["V"], ForecastKind.Network);
        var (symbol, day) = (1, 650);
        var answers = model.Forecast(symbol, Symbols[symbol], day - 3, 4);
        var anchors = VarianceAnchors.Of(Symbols[symbol].Past, fit.Parameters[symbol]);
        var days = new NetworkDays([.. Enumerable.Range(0, 700).Select(t => fit.Scaling.Row(Symbols[symbol].Features[t], anchors, t))], [0], Small.Window);
        var heads = members.Select(m => Heads(m, days.Windows([(0, day)]), days.Features, symbol)).ToArray();
        double Head(int place) => heads.Average(h => h[place]);
        var logNext = anchors.Anchor[day] + fit.Next.Of(symbol, anchors, day) + Head(0) - 0.2;
        var logAhead = horizon == 1 ? logNext : anchors.Anchor[day] + Math.Log(horizon) + fit.Ahead.Of(symbol, anchors, day) + Head(1) - 0.2;
        Assert.Equal(logNext, Math.Log(answers[3].Variance), 1e-5);
        Assert.Equal(logAhead, Math.Log(answers[3].Ahead.Variance), 1e-5);
        Assert.Equal((horizon * fit.Drifts[symbol]) + (Head(2) * Math.Exp(logAhead / 2)), answers[3].Ahead.Location, 1e-5);
        Assert.Equal(FreedomHead.Least + Math.Exp(Head(3)), answers[3].Ahead.Freedom, 1e-4);
    }

    [Fact]
    public void Same_days_give_the_same_fit_whatever_follows_them()
    {
        // Everything behind the known days is another market: what was fitted and what is forecast from them must be the same bit for bit.
        var other = Symbols.Select((s, i) => Spliced(s, MadeReturns.Bars(s.Symbol, 700, i + 50), 600)).ToList();
        var (one, two) = (Fitted.Value, Fit(other, 1));
        foreach (var kind in Enum.GetValues<ForecastKind>())
        {
            Assert.Equal(ForecastGraph.Write(one, kind), ForecastGraph.Write(two, kind));
            using var model = one.Load(Symbols, ["V"], kind);
            using var again = two.Load(other, ["V"], kind);
            Assert.Equal(model.Forecast(0, Symbols[0], 500, 100), again.Forecast(0, other[0], 500, 100));
        }
    }

    [Fact]
    public void Baselines_are_served_as_they_are()
    {
        var anchors = VarianceAnchors.Of(Symbols[0].Past, Fitted.Value.Parameters[0]);
        foreach (var (place, kind) in ForecastEvaluation.Baselines.Index())
        {
            using var model = Fitted.Value.Load(Symbols, ["V"], kind);
            var answer = model.Forecast(0, Symbols[0], 650, 1)[0];
            Assert.Equal(anchors.Logs[place][650], Math.Log(answer.Variance), 1e-5);
            Assert.Equal((Fitted.Value.Drifts[0], Fitted.Value.Freedoms[0]), (answer.Ahead.Location, answer.Ahead.Freedom), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-8 && Math.Abs(a.Item2 / b.Item2 - 1) < 1e-6);
        }
    }

    [Fact]
    public void Cancelling_stops_training()
    {
        using var cancelled = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => ForecastFit.Of(Symbols, [600, 600], 1, Small with { Epochs = 50 }, 1, _ => cancelled.Cancel(), cancelled.Token));
    }

    private static ForecastFit Fit(IReadOnlyList<SymbolDays> symbols, int horizon) => ForecastFit.Of(symbols, [600, 600], horizon, Small, 1, _ => { }, Cancel);

    private static float[] Heads(RecurrentWeights weights, float[] window, int features, long symbol)
    {
        using var network = new RecurrentNetwork(weights);
        using var scope = NewDisposeScope();
        return network.Forward(Tensors.Aligned(window, Small.Window, 1, features), tensor([symbol])).detach().data<float>().ToArray();
    }

    private static RecurrentWeights Drawn(RecurrentWeights weights, Random random) => weights with
    {
        InputBiases = Array.ConvertAll(weights.InputBiases, _ => random.NextSingle() - 0.5f),
        StateBiases = Array.ConvertAll(weights.StateBiases, _ => random.NextSingle() - 0.5f),
        Output = Array.ConvertAll(weights.Output, _ => random.NextSingle() - 0.5f),
    };

    private static SymbolDays Spliced(SymbolDays days, Bars other, int known)
    {
        var made = MadeReturns.Bars(days.Symbol, 700, days.Symbol == "A" ? 1 : 2);
        double[] Splice(ReadOnlySpan<double> one, ReadOnlySpan<double> two) => [.. one[..known], .. two[known..]];
        return SymbolDays.Of(
            new(days.Symbol, days.Days, Splice(made.Open, other.Open), Splice(made.High, other.High), Splice(made.Low, other.Low), Splice(made.Close, other.Close), Splice(made.Traded, other.Traded)),
            [MadeReturns.Bars("V", 700, 9)]);
    }
}
