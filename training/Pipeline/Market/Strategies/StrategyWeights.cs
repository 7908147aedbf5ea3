using Serverless.Serving.Market;

namespace Serverless.Training.Market.Strategies;

/// <summary>The weight that a strategy decides on at each close.</summary>
public static class StrategyWeights
{
    /// <summary>Computes the weights of all days; a day's weight comes from signals of that day and earlier. Limits are cut by the backtest.</summary>
    /// <param name="parameters">The strategy; members that its kind uses are given.</param>
    /// <param name="signals">What it looks at.</param>
    /// <param name="into">A weight for each day.</param>
    public static void Compute(StrategyParameters parameters, Signals signals, Span<double> into)
    {
        switch (parameters.Kind)
        {
            case StrategyKind.VolatilityTarget:
                Scale(parameters, signals, into);
                break;
            case StrategyKind.Trend:
                var trend = signals.Rising(parameters.Trend!.Value);
                for (var t = 0; t < into.Length; t++) into[t] = trend[t] ? 1 : -1;
                break;
            case StrategyKind.MeanReversion:
                Reverse(signals.Stretch(parameters.ReversalDays!.Value), parameters.ReversalEntry!.Value, into);
                break;
            case StrategyKind.ForecastSized:
                for (var t = 0; t < into.Length; t++)
                {
                    var variance = signals.Volatility[t] * signals.Volatility[t];
                    into[t] = parameters.Kelly!.Value * ((signals.Drift[t] / variance) + 0.5); // the mean of simple returns, from that of log returns
                }

                break;
            default:
                Scale(parameters, signals, into);
                var rising = signals.Rising(parameters.Trend!.Value);
                for (var t = 0; t < into.Length; t++) into[t] *= rising[t] ? 1 : parameters.Floor!.Value;
                break;
        }
    }

    private static void Scale(StrategyParameters parameters, Signals signals, Span<double> into)
    {
        var (target, squared) = (parameters.Target!.Value, parameters.Power == 2);
        for (var t = 0; t < into.Length; t++)
        {
            var ratio = target * signals.LongRun[t] / signals.Volatility[t];
            into[t] = squared ? ratio * ratio : Math.Pow(ratio, parameters.Power!.Value);
        }
    }

    // In from a great distance until the price is back where it came from.
    private static void Reverse(double[] stretch, double entry, Span<double> into)
    {
        var held = 0;
        for (var t = 0; t < into.Length; t++)
        {
            if (stretch[t] <= -entry) held = 1;
            else if (stretch[t] >= entry) held = -1;
            else if (held * stretch[t] >= 0) held = 0;
            into[t] = held;
        }
    }
}
