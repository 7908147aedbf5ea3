namespace Serverless.Training.Market.Forecasts;

/// <summary>What networks learn from: the days of all symbols, one behind the other, with their numbers as the network reads them.</summary>
/// <param name="Rows">A row of numbers a day.</param>
/// <param name="Begins">At which row each symbol begins.</param>
/// <param name="Window">Days that the network looks at.</param>
internal sealed record NetworkDays(float[][] Rows, int[] Begins, int Window)
{
    /// <summary>Numbers of a day.</summary>
    public int Features => Rows[0].Length;

    /// <summary>The windows that end on some days, [window, n, features], row-major.</summary>
    /// <param name="days">Which symbol and which of its days.</param>
    public float[] Windows(IReadOnlyList<(int Symbol, int Day)> days)
    {
        var values = new float[Window * days.Count * Features];
        for (var back = 0; back < Window; back++)
        {
            for (var i = 0; i < days.Count; i++)
                Rows[Begins[days[i].Symbol] + days[i].Day - Window + 1 + back].CopyTo(values, ((back * days.Count) + i) * Features);
        }

        return values;
    }
}

/// <summary>A day to learn from.</summary>
/// <param name="Symbol">Place of the symbol.</param>
/// <param name="Day">Place of the day.</param>
/// <param name="LogVariance">What the linear part says of the next day.</param>
/// <param name="LogVarianceAhead">What it says of the return over the horizon.</param>
/// <param name="Drift">Mean return over the horizon.</param>
/// <param name="Next">The next day's return.</param>
/// <param name="Ahead">The return over the horizon.</param>
internal readonly record struct NetworkSample(int Symbol, int Day, float LogVariance, float LogVarianceAhead, float Drift, float Next, float Ahead);
