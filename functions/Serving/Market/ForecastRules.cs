using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Market;

/// <summary>How forecasts are trained and judged.</summary>
public sealed record ForecastRules
{
    /// <summary>Networks that begin differently and are averaged, LSTM and GRU in turn; 0 leaves the weighted sum of signals.</summary>
    [Range(0, 16, ErrorMessage = "4 is usual; more cost time")]
    public int Networks { get; init; } = 4;

    /// <summary>Most passes over the days; training ends earlier when they no longer help.</summary>
    [Range(1, 200, ErrorMessage = "10 is usual; more cost time")]
    public int Epochs { get; init; } = 10;

    /// <summary>Days that a network looks at.</summary>
    [Range(2, 256, ErrorMessage = "22 is a month")]
    public int Window { get; init; } = 22;

    /// <summary>Numbers that a network's cell remembers.</summary>
    [Range(2, 256, ErrorMessage = "16 is usual; more cost time")]
    public int Units { get; init; } = 16;

    /// <summary>In the walk forward everything is fitted anew after so many days, on all days before.</summary>
    [Range(5, 100_000, ErrorMessage = "504 is two years; fewer cost time")]
    public int RefitDays { get; init; } = 504;

    /// <summary>How rarely chance alone may make the network look better than the best baseline (Diebold and Mariano 1995, one-sided); else that baseline is served.</summary>
    [Range(0, 0.5, MinimumIsExclusive = true, ErrorMessage = "0.05 lets one useless network in twenty pass")]
    public double Significance { get; init; } = 0.05;
}
