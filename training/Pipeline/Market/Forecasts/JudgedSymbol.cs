using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>The forecasts of one symbol's days that nothing was fitted on, by what made them.</summary>
/// <param name="symbol">The symbol.</param>
/// <param name="first">The first day that is forecast from.</param>
/// <param name="horizon">Days ahead.</param>
internal sealed class JudgedSymbol(SymbolDays symbol, int first, int horizon)
{
    private readonly DayForecast[][] _forecasts = [.. Enum.GetValues<ForecastKind>().Select(_ => new DayForecast[Math.Max(0, symbol.Days.Length - horizon - first)])];

    private readonly double[][] _means = [.. ReturnBaselines.Names.Select(_ => new double[Math.Max(0, symbol.Days.Length - horizon - first)])];

    /// <summary>The symbol.</summary>
    public SymbolDays Symbol => symbol;

    /// <summary>Days that were forecast from.</summary>
    public int Count => _forecasts[0].Length;

    /// <summary>The day that a forecast was made on.</summary>
    /// <param name="place">Its place, from 0.</param>
    public int Day(int place) => first + place;

    /// <summary>The last day of a forecast's horizon, which identifies it.</summary>
    public DateOnly Ends(int place) => symbol.Days[first + place + horizon];

    /// <summary>The forecasts of a kind.</summary>
    public DayForecast[] Of(ForecastKind kind) => _forecasts[(int)kind];

    /// <summary>Means that baselines gave the return over the horizon, in the order of <see cref="ReturnBaselines.Names"/>.</summary>
    public IReadOnlyList<double[]> Means => _means;

    /// <summary>The return that came of each.</summary>
    public double[] Returns() => [.. Enumerable.Range(0, Count).Select(i => symbol.ReturnAfter(Day(i), horizon))];

    /// <summary>What each forecast of a kind lost of the next day's variance.</summary>
    public double[] Qlike(ForecastKind kind) => [.. Of(kind).Select((f, i) => VarianceLoss.Qlike(f.Variance, symbol.SquareAfter(Day(i), 1)))];

    /// <summary>The same with the variance that the next day's bar measures, which is less noisy and lies below that of returns by a factor.</summary>
    public double[] QlikeByRange(ForecastKind kind) => [.. Of(kind).Select((f, i) => VarianceLoss.Qlike(f.Variance, symbol.Past.Ranges[Day(i) + 1]))];

    /// <summary>Adds the forecasts of some days.</summary>
    /// <param name="model">What makes them.</param>
    /// <param name="place">Place of the symbol in it.</param>
    /// <param name="from">The first day.</param>
    /// <param name="until">The day behind the last one; days without an end of their horizon are left out.</param>
    public void Add(ForecastModel model, int place, int from, int until)
    {
        var count = Math.Min(until, first + Count) - from;
        if (count > 0) model.Forecast(place, symbol, from, count).CopyTo(_forecasts[(int)model.Features.Kind], from - first);
    }

    /// <summary>Adds the means of some days.</summary>
    /// <param name="baselines">What gives them.</param>
    /// <param name="place">Place of the symbol.</param>
    /// <param name="from">The first day.</param>
    /// <param name="until">The day behind the last one; days without an end of their horizon are left out.</param>
    public void Add(ReturnBaselines baselines, int place, int from, int until)
    {
        var count = Math.Min(until, first + Count) - from;
        if (count <= 0) return;
        foreach (var (i, means) in baselines.Means(place, symbol, from, count).Index()) means.CopyTo(_means[i], from - first);
    }
}
