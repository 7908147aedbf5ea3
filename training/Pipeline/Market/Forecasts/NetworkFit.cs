using Serverless.Serving.Market;
using Serverless.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Serverless.Training.Market.Forecasts;

/// <summary>
/// Trains a <see cref="RecurrentNetwork"/> by the likelihood of Student's t distribution of the returns that came. It begins at the linear part, and the
/// passes that do not help on the last days are taken back: with no help at all it stays there.
/// </summary>
internal static class NetworkFit
{
    // Of daily returns, by experience.
    private const double FirstFreedom = 6;

    private const int Batch = 128, Patience = 3;
    private const double Rate = 1e-3, Decay = 0.05;

    // Kept: TorchSharp's operators and functions make a new one for each call, which may be collected while the native code reads it.
    private static readonly Scalar One = 1.ToScalar();

    /// <summary>Trains one; the same days give the same network.</summary>
    /// <param name="days">The days.</param>
    /// <param name="learn">Days to learn from.</param>
    /// <param name="judge">Later days, which say when to stop.</param>
    /// <param name="horizon">Days ahead.</param>
    /// <param name="cell">The kind of cell.</param>
    /// <param name="rules">Sizes and steps.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static RecurrentWeights Train(
        NetworkDays days, IReadOnlyList<NetworkSample> learn, IReadOnlyList<NetworkSample> judge, int horizon, RecurrentCell cell, ForecastRules rules, int seed, Action<double> progress, CancellationToken cancel)
    {
        var random = new Random(seed);
        using var network = new RecurrentNetwork(RecurrentWeights.Draw(cell, days.Features, days.Begins.Length, rules.Units, FreedomHead.Of(FirstFreedom), random));
        var adam = new AdamSteps(network.Parameters);
        using var likelihood = new TLikelihood();
        var order = Enumerable.Range(0, learn.Count).ToArray();
        var (best, kept, since) = (Loss(judge), network.Weights, 0);
        for (var epoch = 0; epoch < rules.Epochs && since < Patience; epoch++)
        {
            random.Shuffle(order);
            foreach (var of in order.Chunk(Batch))
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                BatchLoss([.. of.Select(i => learn[i])]).mean().backward();
                adam.Step(Rate, Decay);
            }

            progress((epoch + 1.0) / rules.Epochs);
            var loss = Loss(judge);
            since++;
            if (loss < best) (best, kept, since) = (loss, network.Weights, 0);
        }

        return kept;

        double Loss(IReadOnlyList<NetworkSample> samples)
        {
            // With gradients, although nobody needs them: without, Torch takes oneDNN's LSTM, which answers otherwise (RecurrentNetwork.Forward).
            var sum = 0.0;
            foreach (var some in samples.Chunk(4 * Batch))
            {
                using var scope = NewDisposeScope();
                sum += BatchLoss(some).sum().detach().item<float>();
            }

            return sum / samples.Count;
        }

        Tensor BatchLoss(NetworkSample[] samples)
        {
            var windows = Tensors.Aligned(days.Windows([.. samples.Select(s => (s.Symbol, s.Day))]), days.Window, samples.Length, days.Features);
            var heads = network.Forward(windows, tensor(Array.ConvertAll(samples, s => (long)s.Symbol)));
            var (next, ahead, location, freedom) = (heads.select(1, 0), heads.select(1, 1), heads.select(1, 2), heads.select(1, 3));
            var logNext = Sum(next, Column(samples, s => s.LogVariance));
            if (horizon == 1) return likelihood.Loss(Column(samples, s => s.Next), Column(samples, s => s.Drift), location, logNext, freedom);
            var logAhead = Sum(ahead, Column(samples, s => s.LogVarianceAhead));
            return Sum(
                likelihood.Loss(Column(samples, s => s.Ahead), Column(samples, s => s.Drift), location, logAhead, freedom),
                likelihood.Loss(Column(samples, s => s.Next), Column(samples, s => s.Drift / horizon), location.zeros_like(), logNext, freedom));
        }

        static Tensor Column(NetworkSample[] samples, Func<NetworkSample, float> of) => Tensors.Aligned(Array.ConvertAll(samples, s => of(s)), samples.Length);
    }

    private static Tensor Sum(Tensor one, Tensor other) => one.add(other, One);

    /// <summary>The negative logarithm of the likelihood of Student's t distribution by its variance, up to a number that nothing changes.</summary>
    private sealed class TLikelihood : IDisposable
    {
        private readonly Tensor _minusTwo = tensor(-2f), _one = tensor(1f), _half = tensor(0.5f), _least = tensor((float)FreedomHead.Least);

        public Tensor Loss(Tensor value, Tensor drift, Tensor location, Tensor logVariance, Tensor freedomHead)
        {
            var freedom = Sum(freedomHead.exp(), _least);
            var halfLog = logVariance * _half;
            var surprise = Sum(Sum(value, drift.neg()) * halfLog.neg().exp(), location.neg());
            var spread = Sum(freedom, _minusTwo);
            var exponent = Sum(freedom, _one) * _half;
            var kernel = Sum(halfLog, exponent * Sum(_one, surprise * surprise / spread).log());
            return Sum(Sum(kernel, exponent.lgamma().neg()), Sum((freedom * _half).lgamma(), spread.log() * _half));
        }

        public void Dispose()
        {
            _minusTwo.Dispose();
            _one.Dispose();
            _half.Dispose();
            _least.Dispose();
        }
    }
}
