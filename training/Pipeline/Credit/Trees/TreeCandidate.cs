using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Credit.Trees;

/// <summary>Settings that the search tries: a booster for each part held out, and the mean loss after each round.</summary>
internal sealed class TreeCandidate(TreeParameters parameters, Booster[] boosters) : IDisposable
{
    private readonly List<double> _losses = [];

    /// <summary>The settings.</summary>
    public TreeParameters Parameters => parameters;

    /// <summary>One for each part.</summary>
    public IReadOnlyList<Booster> Boosters => boosters;

    /// <summary>Rounds so far.</summary>
    public int Rounds => _losses.Count;

    /// <summary>The round with the least mean loss, from 1; 0 before the first.</summary>
    public int BestRound { get; private set; }

    /// <summary>The mean loss of that round.</summary>
    public double Loss { get; private set; } = double.PositiveInfinity;

    /// <summary>Grows up to so many rounds; less where the loss does not fall any more.</summary>
    /// <returns>Rounds that were grown.</returns>
    public int Advance(int upTo, int patience, CancellationToken cancel)
    {
        const int block = 5;
        var before = Rounds;
        while (Rounds < upTo && Rounds - BestRound < patience)
        {
            var losses = new double[boosters.Length][];
            var rounds = Math.Min(block, upTo - Rounds);
            Parallel.For(0, boosters.Length, TrainingThread.Loops(cancel), b =>
            {
                losses[b] = new double[rounds];
                for (var r = 0; r < rounds; r++)
                {
                    cancel.ThrowIfCancellationRequested();
                    boosters[b].Grow();
                    losses[b][r] = boosters[b].Loss();
                }
            });
            for (var r = 0; r < rounds; r++)
            {
                _losses.Add(losses.Average(ofPart => ofPart[r]));
                if (_losses[^1] < Loss) (Loss, BestRound) = (_losses[^1], _losses.Count);
            }
        }

        return Rounds - before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var booster in boosters) booster.Dispose();
    }
}
