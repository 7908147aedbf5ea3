using System.Globalization;
using Serverless.Serving.Credit;
using Serverless.Training.Credit;
using Serverless.Training.Credit.Trees;

namespace Serverless.Benchmarks;

/// <summary>
/// Whether the eight numbers of the autoencoder's code help boosted trees as further inputs: both are fitted on the same rows with the same seed and compared on
/// the same holdout, by the rule that chooses between kinds of model; on the real sets. The autoencoder does not see the holdout.
/// </summary>
internal static class CodeBenchmark
{
    private static readonly int[] Seeds = [1, 2, 3];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        if (await RealPortfolios.ReadAsync() is not { Count: > 0 } portfolios) return [new("Trees with the autoencoder's code", RealPortfolios.Skipped)];
        return [.. portfolios.SelectMany(p => Seeds.Select(seed => Of($"{p.Name}, seed {seed}", p.Rows with { Contract = p.Rows.Contract with { Training = p.Rows.Contract.Training with { Seed = seed } } })))];
    }

    private static Measurement Of(string name, CreditRows rows)
    {
        var (train, holdout, _) = Split.Holdout(rows, rows.Contract.Training.Holdout, rows.Contract.Training.Seed);
        var figures = Competition.Choose(rows.Contract.Models, Array.ConvertAll(holdout, row => rows.Bad[row]), [Fitted(rows, train, holdout), Fitted(WithCode(rows, train), train, holdout)]).Figures;
        var (without, with) = (figures[0], figures[1]);
        return new($"{name}: AUC, log loss without | with the code | p", string.Create(CultureInfo.InvariantCulture,
            $"{without.Auc:F4}, {without.LogLoss:F4} | {with.Auc:F4}, {with.LogLoss:F4} | {1 - with.Confidence:F3}: {(with.Wins ? "helps" : "does not help")} by the rule"));
    }

    private static Competitor Fitted(CreditRows rows, int[] train, int[] holdout)
    {
        var fitted = TreesFit.Fit(rows, train, _ => { }, default);
        var (points, probabilities) = CreditEvaluation.Score(fitted.Model, rows, holdout);
        return new(fitted, points, probabilities);
    }

    private static CreditRows WithCode(CreditRows rows, int[] train)
    {
        var fitted = FittedAutoencoder.Fit(UnlikeRows.Of(rows, train), new AutoencoderRules(), _ => { }, default);
        using var autoencoder = Autoencoder.Of(fitted.File, fitted.Graph, fitted.Cases);
        var codes = autoencoder.Run(EncodingFit.Encode(fitted.File.Encoding, rows, [.. Enumerable.Range(0, rows.Count)])).Codes;
        InputColumn[] columns = [.. Enumerable.Range(0, Autoencoder.CodeLength).Select(place => new InputColumn(
            new Column { Name = $"code {place}", Type = ColumnType.Number, Monotone = Monotone.None },
            [.. Enumerable.Range(0, rows.Count).Select(row => (double)codes[(row * Autoencoder.CodeLength) + place])], new int[rows.Count], []))];
        return rows with
        {
            Columns = [.. rows.Columns, .. columns],
            Contract = rows.Contract with { Columns = [.. rows.Contract.Columns, .. columns.Select(c => c.Column)] },
        };
    }
}
