using System.Diagnostics;
using System.Globalization;
using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Benchmarks;

/// <summary>How many rows that are no applications of a portfolio are told at 0.5 % false alarms, beside Mahalanobis distance; on the real sets.</summary>
internal static class OutlierBenchmark
{
    private const double Percentile = 0.995;
    private const int Unlike = 2000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        if (await RealPortfolios.ReadAsync() is not { Count: > 0 } portfolios) return [new("Rows unlike a portfolio's", RealPortfolios.Skipped)];
        return [.. portfolios.SelectMany(p => Of(p.Name, p.Rows, [.. portfolios.Where(o => o.Name != p.Name).Select(o => o.Rows)]))];
    }

    // A third of the rows is kept from all detectors; false alarms are counted among them.
    private static IEnumerable<Measurement> Of(string name, CreditRows all, CreditRows[] others)
    {
        int[] order = [.. Enumerable.Range(0, all.Count)];
        new Random(1).Shuffle(order);
        var (tested, known) = (order[..(all.Count / 3)], UnlikeRows.Of(all, order[(all.Count / 3)..]));
        var clock = Stopwatch.StartNew();
        var fitted = FittedAutoencoder.Fit(known, all.Contract.Autoencoder ?? new AutoencoderRules(), _ => { }, default);
        var seconds = clock.Elapsed.TotalSeconds;
        using var autoencoder = Autoencoder.Of(fitted.File, fitted.Graph, fitted.Cases);
        double[] ByNetwork(CreditRows rows) => [.. autoencoder.Run(EncodingFit.Encode(fitted.File.Encoding, rows, All(rows))).Errors.Select(e => (double)e)];

        // The same number of rows learned from, and the same rows for the limit, for all.
        var half = known.Count * 2 / 3;
        CreditRows learned = UnlikeRows.Of(known, [.. Enumerable.Range(0, Math.Min(half, 6_000))]), limiting = UnlikeRows.Of(known, [.. Enumerable.Range(half, known.Count - half)]);
        var (encoded, plain) = (new Mahalanobis(Encoded(learned)), new Mahalanobis(Mahalanobis.Plain(learned, known)));
        double[][] Encoded(CreditRows rows) => [.. EncodingFit.Encode(fitted.File.Encoding, rows, All(rows)).Chunk(ApplicationEncoding.Width).Select(v => Array.ConvertAll(v, x => (double)x))];
        double[] ByEncoded(CreditRows rows) => Array.ConvertAll(Encoded(rows), encoded.Distance);
        double[] ByPlain(CreditRows rows) => Array.ConvertAll(Mahalanobis.Plain(rows, known), plain.Distance);

        (Func<CreditRows, double[]> Scores, double Limit)[] detectors =
            [(ByNetwork, fitted.File.Limit), (ByEncoded, Limit(ByEncoded(limiting))), (ByPlain, Limit(ByPlain(limiting)))];
        var made = new UnlikeRows(new Random(2));
        Measurement Line(string what, CreditRows rows) => new($"{name}: {what}", string.Join(" | ", detectors.Select(d => d.Scores(rows).Average(s => s > d.Limit ? 1.0 : 0).ToString("P1", CultureInfo.InvariantCulture))));
        yield return new($"{name}: autoencoder | Mahalanobis, same encoding | Mahalanobis, plain columns", string.Create(CultureInfo.InvariantCulture, $"{fitted.File.Rows} rows, {fitted.File.Epochs} epochs, {seconds:F1} s"));
        yield return Line("false alarms", UnlikeRows.Of(all, tested));
        yield return Line("foreign rows", Joined(others.Select(o => made.Foreign(all, o, Unlike, sameShares: false))));
        yield return Line("foreign rows, each column's shares as here", Joined(others.Select(o => made.Foreign(all, o, Unlike, sameShares: true))));
        int[] taken = [.. tested.Take(Unlike)];
        yield return Line("all columns shuffled", made.Shuffled(all, taken, 1));
        yield return Line("half of the columns shuffled", made.Shuffled(all, taken, 0.5));
        yield return Line("impossible combinations", made.Impossible(all, taken));
    }

    private static double Limit(double[] scores)
    {
        Array.Sort(scores);
        return scores[Math.Min(scores.Length, (int)Math.Ceiling(Percentile * (scores.Length + 1))) - 1];
    }

    private static int[] All(CreditRows rows) => [.. Enumerable.Range(0, rows.Count)];

    private static CreditRows Joined(IEnumerable<CreditRows> parts) => parts.Aggregate((a, b) => new CreditRows(
        a.Contract, [.. a.Columns.Zip(b.Columns, (x, y) => x with { Codes = [.. x.Codes, .. y.Codes], Numbers = [.. x.Numbers, .. y.Numbers] })], [.. a.Bad, .. b.Bad], [.. a.Keys, .. b.Keys], [], 0));
}
