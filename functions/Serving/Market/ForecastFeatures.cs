namespace Serverless.Serving.Market;

/// <summary>What makes a symbol's forecast.</summary>
public enum ForecastKind
{
    /// <summary>The networks over the baselines and signals.</summary>
    Network,

    /// <summary>RiskMetrics' moving average.</summary>
    Ewma,

    /// <summary>GARCH(1,1).</summary>
    Garch,

    /// <summary>The heterogeneous autoregression.</summary>
    Har,
}

/// <summary>How days become the inputs of a forecast's graph; <c>features.json</c>.</summary>
/// <param name="Kind">What makes the forecast.</param>
/// <param name="Horizon">Trading days ahead.</param>
/// <param name="Window">Days that the networks look at.</param>
/// <param name="Names">Names of the features of a day.</param>
/// <param name="Exogenous">Symbols that are looked at besides, in their order.</param>
/// <param name="Scaling">How the networks read a day.</param>
/// <param name="Symbols">The symbols, in the order of the graph's numbers.</param>
public sealed record ForecastFeatures(
    ForecastKind Kind, int Horizon, int Window, IReadOnlyList<string> Names, IReadOnlyList<string> Exogenous, NetworkScaling Scaling, IReadOnlyList<ForecastSymbol> Symbols)
{
    /// <summary>Number of signals.</summary>
    public int Signals => VarianceAnchors.SignalNames(Exogenous).Count;

    /// <summary>The first day of a symbol that can be forecast.</summary>
    public int FirstDay(FeatureTable features) => features.First + Window - 1;

    /// <summary>Place of a symbol; below 0 when the model does not know it.</summary>
    public int IndexOf(string symbol)
    {
        for (var i = 0; i < Symbols.Count; i++)
        {
            if (Symbols[i].Symbol == symbol) return i;
        }

        return -1;
    }
}

/// <summary>A symbol that a model knows.</summary>
/// <param name="Symbol">Its name.</param>
/// <param name="Parameters">Its baselines.</param>
public sealed record ForecastSymbol(string Symbol, VarianceParameters Parameters);
