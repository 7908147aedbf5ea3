using System.Text;

namespace Serverless.Training.Credit.LightGbm;

/// <summary>A model that grows by a tree a round.</summary>
internal sealed class Booster : IDisposable
{
    private const int RawScores = 1, Contributed = 3, MostTries = 10;

    private readonly BoosterHandle _handle;

    /// <summary>Creates one without trees.</summary>
    /// <param name="train">The rows it learns from.</param>
    /// <param name="parameters">LightGBM's, as name=value with blanks between.</param>
    /// <param name="validation">Rows whose loss is measured after each round; null for none.</param>
    /// <exception cref="LightGbmException">A parameter or the data do not fit.</exception>
    public Booster(BoostingData train, string parameters, BoostingData? validation = null)
    {
        Native.Quiet();
        Native.Check(Native.CreateBooster(train.Handle, parameters, out var booster));
        _handle = new BoosterHandle(booster);
        if (validation is not null) Native.Check(Native.AddValidation(_handle, validation.Handle));
    }

    private bool _finished;

    /// <summary>Rounds so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Adds a tree. Where the features that a round may look at tell nothing, other rounds are tried: each draws its own.</summary>
    /// <returns>Whether it found a split; without one it is finished, and further calls do nothing.</returns>
    public bool Grow()
    {
        if (_finished) return false;
        Native.Quiet();
        Rounds++;
        for (var tries = 0; tries < MostTries; tries++)
        {
            Native.Check(Native.Update(_handle, out var finished));
            if (finished == 0) return true;
        }

        _finished = true;
        return false;
    }

    /// <summary>Mean log loss of the validation rows.</summary>
    public unsafe double Loss()
    {
        double loss;
        Native.Check(Native.Evaluate(_handle, 1, out _, &loss));
        return loss;
    }

    /// <summary>Raw log-odds of rows.</summary>
    /// <param name="values">Column after column.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rounds">How many trees to use; 0 for all.</param>
    public double[] Raw(float[] values, int rows, int rounds = 0) => Predict(values, rows, rounds, RawScores, rows);

    /// <summary>LightGBM's own contributions: for each row those of its features and then the expected value.</summary>
    public double[] Contributions(float[] values, int rows) => Predict(values, rows, 0, Contributed, rows * ((values.Length / rows) + 1));

    /// <summary>The trees of the first rounds.</summary>
    public unsafe IReadOnlyList<BoostedTree> Trees(int rounds)
    {
        Native.Check(Native.Save(_handle, 0, rounds, 0, 0, out var size, null));
        var text = new byte[size];
        fixed (byte* first = text) Native.Check(Native.Save(_handle, 0, rounds, 0, size, out _, first));
        return BoostedTree.ParseAll(Encoding.ASCII.GetString(text).TrimEnd('\0'));
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private unsafe double[] Predict(float[] values, int rows, int rounds, int kind, int size)
    {
        Native.Quiet();
        var results = new double[size];
        fixed (float* first = values)
        {
            fixed (double* result = results)
                Native.Check(Native.Predict(_handle, first, 0, rows, values.Length / rows, 0, kind, 0, rounds, "num_threads=2", out _, result));
        }

        return results;
    }
}
