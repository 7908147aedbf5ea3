using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market.Forecasts;
using Serverless.Training.Quality;

namespace Serverless.Training.Market;

/// <summary>A trained forecast with what was measured of it.</summary>
public sealed class MarketTrainedModel : TrainedModel
{
    private readonly MarketRows _market;
    private readonly IReadOnlyList<JudgedSymbol> _judged;
    private readonly ForecastEvaluation _evaluation;
    private readonly SymbolDays _asked;

    /// <summary>What its forecasts showed on days that nothing was fitted on.</summary>
    internal ForecastEvaluation Evaluation => _evaluation;

    internal MarketTrainedModel(MarketRows market, IReadOnlyList<JudgedSymbol> judged, ForecastEvaluation evaluation, SymbolDays asked) =>
        (_market, _judged, _evaluation, _asked) = (market, judged, evaluation, asked);

    /// <inheritdoc/>
    public override ModelProfile Profile() => new() { Rows = _market.Count };

    /// <inheritdoc/>
    public override void Ask(IServedModel served)
    {
        var model = ((MarketForecaster)served).Model;
        model.Forecast(model.Features.IndexOf(_asked.Symbol), _asked, _asked.Days.Length - 1, 1);
    }

    /// <summary>
    /// Compares by <see cref="ForecastEvaluation.Score"/> on the judged days that the champion was not trained on. <see cref="Comparison.Rare"/> is the number of
    /// fresh days of the symbol that has fewest.
    /// </summary>
    public override Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn)
    {
        var model = ((MarketForecaster)champion).Model;
        var names = _market.Exogenous.Select(e => e.Symbol).ToList();
        if (!model.Features.Exogenous.SequenceEqual(names) || model.Features.Horizon != _market.Contract.Horizon)
        {
            return new(ForecastEvaluation.MainMetric, _judged.Sum(s => s.Count), 0, double.NaN, double.NaN, double.NaN)
            {
                NotComparable = "the champion looks at other series or another horizon",
            };
        }

        var fresh = _judged.Where(s => model.Features.IndexOf(s.Symbol.Symbol) >= 0)
            .Select(s => Fresh(s, model, championTrainedOn)).Where(s => s.Returns.Length > 0).ToList();
        double[] byNew = [.. fresh.SelectMany(s => ForecastEvaluation.LogScores(s.Returns, s.Challenger))];
        double[] byChampion = [.. fresh.SelectMany(s => ForecastEvaluation.LogScores(s.Returns, s.Champion))];
        if (byNew.Length == 0) return new(ForecastEvaluation.MainMetric, 0, 0, double.NaN, double.NaN, double.NaN);
        var (challenger, present) = (ForecastEvaluation.Score(byNew.Average()), ForecastEvaluation.Score(byChampion.Average()));
        var difference = byNew.Average() - byChampion.Average();
        var deviation = Math.Sqrt(byNew.Zip(byChampion, (n, c) => Math.Pow(n - c - difference, 2)).Sum() / byNew.Length / byNew.Length);
        return new(ForecastEvaluation.MainMetric, byNew.Length, fresh.Min(s => s.Returns.Length), challenger, present, challenger * (1 - challenger) * deviation);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, byte[]> Card(Manifest manifest, ServedFigures? served = null) => MarketCard.Files(manifest, _market, _evaluation);

    private (double[] Returns, DayForecast[] Challenger, DayForecast[] Champion) Fresh(JudgedSymbol symbol, ForecastModel champion, RowKeys trainedOn)
    {
        var (returns, byNew) = (symbol.Returns(), symbol.Of(_evaluation.Served));
        var byChampion = champion.Forecast(champion.Features.IndexOf(symbol.Symbol.Symbol), symbol.Symbol, symbol.Day(0), symbol.Count);
        int[] fresh = [.. Enumerable.Range(0, symbol.Count).Where(i => !trainedOn.Contains(MarketTrainer.KeyOf(symbol.Symbol.Symbol, symbol.Ends(i))))];
        return (Array.ConvertAll(fresh, i => returns[i]), Array.ConvertAll(fresh, i => byNew[i]), Array.ConvertAll(fresh, i => byChampion[i]));
    }
}
