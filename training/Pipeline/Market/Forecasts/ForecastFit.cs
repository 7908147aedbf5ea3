using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>Everything that was fitted on the days up to one: baselines, linear part, networks.</summary>
/// <param name="Horizon">Days ahead.</param>
/// <param name="Parameters">Each symbol's baselines.</param>
/// <param name="Drifts">Each symbol's mean daily return.</param>
/// <param name="Freedoms">Each symbol's degrees of freedom about its GARCH.</param>
/// <param name="Next">Linear part for the next day.</param>
/// <param name="Ahead">Linear part for the mean variance over the horizon.</param>
/// <param name="Scaling">How the networks read a day.</param>
/// <param name="Members">The networks.</param>
/// <param name="Plan">Their sizes.</param>
/// <param name="Levels">What corrects the networks' logarithm of each symbol's variance, so that variances are right on average.</param>
internal sealed record ForecastFit(
    int Horizon, IReadOnlyList<VarianceParameters> Parameters, double[] Drifts, double[] Freedoms, LinearPart Next, LinearPart Ahead, NetworkScaling Scaling, IReadOnlyList<RecurrentWeights> Members, ForecastRules Plan,
    double[] Levels)
{
    private const int Apart = 1_000_003;

    // Share of the days that say when to stop.
    private const double Judging = 0.15;

    /// <summary>Fits on what was known when a day closed.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="known">How many days of each are known.</param>
    /// <param name="horizon">Days ahead.</param>
    /// <param name="rules">Of the networks.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static ForecastFit Of(IReadOnlyList<SymbolDays> symbols, int[] known, int horizon, ForecastRules rules, int seed, Action<double> progress, CancellationToken cancel)
    {
        var parameters = new VarianceParameters[symbols.Count];
        Parallel.For(0, symbols.Count, TrainingThread.Loops(cancel), s =>
        {
            var past = symbols[s].Past.Until(known[s]);
            parameters[s] = new(GarchFit.Of(past.Returns.AsSpan(1), heavyTails: true), HarFit.Of(past));
        });
        var samples = Samples(symbols, known, horizon, rules, parameters);
        var next = LinearPart.Fit(samples, 1);
        var fit = new ForecastFit(
            horizon, parameters, [.. symbols.Select((s, i) => s.Past.Returns.AsSpan(1, known[i] - 1).ToArray().Average())], [.. parameters.Select(p => p.Garch.Freedom!.Value)],
            next, horizon == 1 ? next : LinearPart.Fit(samples, horizon), ScalingOf(samples), [], rules, new double[symbols.Count]);
        if (rules.Networks == 0) return fit; // the linear part alone
        fit = fit with { Members = fit.Train(samples, seed, progress, cancel) };
        return (fit.TellsReturns(samples) ? fit : fit with { Members = [.. fit.Members.Select(m => m.WithoutLocation())] }).Levelled(samples);
    }

    /// <summary>The days that it was fitted on.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="known">How many days of each are known.</param>
    public IReadOnlyList<SymbolSamples> Samples(IReadOnlyList<SymbolDays> symbols, int[] known) => Samples(symbols, known, Horizon, Plan, Parameters);

    private static List<SymbolSamples> Samples(IReadOnlyList<SymbolDays> symbols, int[] known, int horizon, ForecastRules rules, IReadOnlyList<VarianceParameters> parameters) =>
    [
        .. symbols.Select((s, i) =>
        {
            var first = s.Features.First + rules.Window - 1;
            return new SymbolSamples(s, VarianceAnchors.Of(s.Past.Until(known[i]), parameters[i]), [.. Enumerable.Range(first, Math.Max(0, known[i] - horizon - first))]);
        }),
    ];

    /// <summary>Loads what is served of it.</summary>
    /// <param name="symbols">The symbols that it was fitted on, in their order.</param>
    /// <param name="exogenous">Names of the series that are looked at besides.</param>
    /// <param name="kind">What makes the forecast.</param>
    public ForecastModel Load(IReadOnlyList<SymbolDays> symbols, IReadOnlyList<string> exogenous, ForecastKind kind) =>
        ForecastModel.Load(Features(symbols, exogenous, kind), ForecastGraph.Write(this, kind));

    /// <summary>How days become inputs of the graph.</summary>
    public ForecastFeatures Features(IReadOnlyList<SymbolDays> symbols, IReadOnlyList<string> exogenous, ForecastKind kind) => new(
        kind, Horizon, Plan.Window, symbols[0].Features.Names, exogenous, Scaling, [.. symbols.Select((s, i) => new ForecastSymbol(s.Symbol, Parameters[i]))]);

    private RecurrentWeights[] Train(IReadOnlyList<SymbolSamples> samples, int seed, Action<double> progress, CancellationToken cancel)
    {
        var rows = samples.Select(s => Enumerable.Range(0, s.Anchors.Anchor.Length).Select(t => Scaling.Row(s.Series.Features[t], s.Anchors, t)).ToArray()).ToList();
        var begins = rows.Select((_, i) => rows.Take(i).Sum(r => r.Length)).ToArray();
        var days = new NetworkDays([.. rows.SelectMany(r => r)], begins, Plan.Window);
        var (learn, judge) = (new List<NetworkSample>(), new List<NetworkSample>());
        foreach (var (place, symbol) in samples.Index())
        {
            learn.AddRange(symbol.Days[..Math.Max(0, JudgedFrom(symbol) - Horizon)].Select(t => Sample(place, symbol, t))); // what reaches into the judging days is left out
            judge.AddRange(symbol.Days[JudgedFrom(symbol)..].Select(t => Sample(place, symbol, t)));
        }

        var members = new RecurrentWeights[Plan.Networks];
        Parallel.For(0, members.Length, TrainingThread.Loops(cancel), i => members[i] = NetworkFit.Train(
            days, learn, judge, Horizon, i % 2 == 0 ? RecurrentCell.Lstm : RecurrentCell.Gru, Plan, unchecked(seed + (i * Apart)), i == 0 ? progress : _ => { }, cancel));
        return members;
    }

    private static int JudgedFrom(SymbolSamples symbol) => symbol.Days.Length - (int)(symbol.Days.Length * Judging);

    // Hardly anything tells the sign of a return, and what was learned of it is mostly chance: the mean is moved only when that shows on the judging days.
    private bool TellsReturns(IReadOnlyList<SymbolSamples> samples)
    {
        var (moved, drift) = (new List<double>(), new List<double>());
        Ask(samples, (place, symbol, day, forecast) =>
        {
            if (day < symbol.Days[JudgedFrom(symbol)]) return;
            var came = symbol.Series.ReturnAfter(day, Horizon);
            moved.Add(Math.Pow(came - forecast.Ahead.Location, 2) / forecast.Ahead.Variance);
            drift.Add(Math.Pow(came - (Horizon * Drifts[place]), 2) / forecast.Ahead.Variance);
        });
        return moved.Count > Horizon && DieboldMariano.Of([.. moved], [.. drift], Horizon).PBetter < Plan.Significance;
    }

    private ForecastFit Levelled(IReadOnlyList<SymbolSamples> samples)
    {
        var surprises = samples.Select(_ => new List<double>()).ToList();
        Ask(samples, (place, symbol, day, forecast) => surprises[place].Add(symbol.Series.SquareAfter(day, 1) / forecast.Variance));
        return this with { Levels = [.. surprises.Select(s => LinearPart.Level([.. s]))] };
    }

    // Every day learned from, as the graph answers it.
    private void Ask(IReadOnlyList<SymbolSamples> samples, Action<int, SymbolSamples, int, DayForecast> answer)
    {
        List<SymbolDays> symbols = [.. samples.Select(s => s.Series)];
        using var model = Load(symbols, [.. symbols[0].Past.Levels.Select((_, i) => $"level {i}")], ForecastKind.Network);
        foreach (var (place, symbol) in samples.Index())
        {
            foreach (var (i, forecast) in model.Forecast(place, symbol.Series, symbol.Days[0], symbol.Days.Length).Index()) answer(place, symbol, symbol.Days[i], forecast);
        }
    }

    private NetworkSample Sample(int place, SymbolSamples symbol, int day) => new(
        place, day,
        (float)(symbol.Anchors.Anchor[day] + Next.Of(place, symbol.Anchors, day)),
        (float)(symbol.Anchors.Anchor[day] + Math.Log(Horizon) + Ahead.Of(place, symbol.Anchors, day)),
        (float)(Horizon * Drifts[place]), (float)symbol.Series.Past.Returns[day + 1], (float)symbol.Series.ReturnAfter(day, Horizon));

    private static NetworkScaling ScalingOf(IReadOnlyList<SymbolSamples> samples)
    {
        var (count, sums, squares) = (0, Array.Empty<double>(), Array.Empty<double>());
        foreach (var symbol in samples)
        {
            foreach (var day in symbol.Days)
            {
                var numbers = NetworkScaling.Numbers(symbol.Series.Features[day], symbol.Anchors, day);
                if (count++ == 0) (sums, squares) = (new double[numbers.Length], new double[numbers.Length]);
                for (var i = 0; i < numbers.Length; i++)
                {
                    sums[i] += numbers[i];
                    squares[i] += numbers[i] * numbers[i];
                }
            }
        }

        double[] means = [.. sums.Select(s => s / count)];
        return new(means, [.. squares.Select((s, i) => Math.Sqrt(Math.Max(0, (s / count) - (means[i] * means[i]))) is > 1e-9 and var deviation ? deviation : 1)]);
    }
}
