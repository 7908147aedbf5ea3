using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>An autoencoder that was trained on a part of an export, with its limit from another part.</summary>
/// <param name="File">What stands beside its graph.</param>
/// <param name="Graph">The graph.</param>
/// <param name="Cases">Past loans to compare with.</param>
internal sealed record FittedAutoencoder(AutoencoderFile File, byte[] Graph, IReadOnlyList<PastCase> Cases)
{
    // Below these a share of 0.995 is above every row.
    private const int FewestForLimit = 200;
    private const int Patterns = 16;
    private const int BlockRows = 4096;

    /// <summary>Its files in a bundle.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Files()
    {
        yield return new(Autoencoder.GraphFile, Graph);
        yield return new(Autoencoder.FeaturesFile, Json.File(File));
        if (Cases.Count > 0) yield return new(Autoencoder.CasesFile, Json.File(Cases));
    }

    /// <summary>
    /// Trains it on rows drawn from all of them, whatever their outcome: an application is judged by what applications look like today, so none of the
    /// latest is held back. A third of what is drawn is not learned from; it says when to stop and where the limit is.
    /// </summary>
    /// <param name="rows">An export.</param>
    /// <param name="rules">The contract's.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static FittedAutoencoder Fit(CreditRows rows, AutoencoderRules rules, Action<double> progress, CancellationToken cancel)
    {
        var seed = rows.Contract.Training.Seed;
        var drawn = Draw(rows, (int)Math.Min(rows.Count, rules.MaxRows * 3L / 2), seed);
        var held = Math.Min(Math.Max(drawn.Length / 3, Math.Min(FewestForLimit, drawn.Length / 2)), drawn.Length - 1);
        int[] apart = drawn[..held], learned = drawn[held..];
        var encoding = EncodingFit.Find(rows, learned);
        var values = EncodingFit.Encode(encoding, rows, apart);
        using var network = Network.Train(EncodingFit.Encode(encoding, rows, learned), values, rules.Epochs, seed, progress, cancel);
        var limit = Limit(network.Run(values).Errors, rules.Percentile);
        var golden = Enumerable.Range(0, Patterns).Select(p => network.Run(Autoencoder.Pattern(p))).Select(g => new GoldenCode(g.Errors[0], g.Codes));
        var cases = drawn[..Math.Min(drawn.Length, rules.PastCases)];
        var codes = network.Run(EncodingFit.Encode(encoding, rows, cases)).Codes;
        return new(
            new(encoding, limit, learned.Length, apart.Length, network.Epochs, [.. golden]),
            AutoencoderGraph.Write(network.Layers, network.HalfLogOdds),
            [.. cases.Select((row, i) => new PastCase(rows.Keys[row].ToString("x16", CultureInfo.InvariantCulture), rows.Bad[row], codes[(i * Autoencoder.CodeLength)..((i + 1) * Autoencoder.CodeLength)]))]);
    }

    /// <summary>Which of some rows are unlike those that it learned from.</summary>
    /// <param name="rows">The export.</param>
    /// <param name="of">The rows.</param>
    public bool[] Outliers(CreditRows rows, int[] of)
    {
        using var autoencoder = Autoencoder.Of(File, Graph, Cases);
        var outliers = new bool[of.Length];
        for (var from = 0; from < of.Length; from += BlockRows)
        {
            int[] block = of[from..Math.Min(of.Length, from + BlockRows)];
            autoencoder.FindOutliers(EncodingFit.Encode(File.Encoding, rows, block), outliers.AsSpan(from, block.Length));
        }

        return outliers;
    }

    // As in split conformal prediction (Vovk, Gammerman and Shafer 2005): the rank counts the row to come, so no more than the rest of rows like these is told by mistake.
    private static double Limit(float[] errors, double percentile)
    {
        Array.Sort(errors);
        return errors[Math.Min(errors.Length, (int)Math.Ceiling(percentile * (errors.Length + 1))) - 1];
    }

    private static int[] Draw(CreditRows rows, int count, int seed)
    {
        int[] drawn = [.. Enumerable.Range(0, rows.Count)];
        new Random(seed).Shuffle(drawn);
        return drawn[..count];
    }
}
