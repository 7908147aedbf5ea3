using System.Text;

namespace Serverless.Training.Credit.LightGbm;

/// <summary>A boosted model that grows tree by tree.</summary>
internal sealed class Booster : IDisposable
{
    private const int Raw = 1, Contributions = 3;

    private readonly BoosterHandle _handle;

    /// <summary>Starts one without trees.</summary>
    /// <param name="dataset">The rows to grow on; must live as long.</param>
    /// <param name="parameters">Space-separated <c>name=value</c> of LightGBM.</param>
    /// <exception cref="LightGbmException">A parameter is wrong.</exception>
    public Booster(Dataset dataset, string parameters)
    {
        NativeMethods.Check(NativeMethods.LGBM_BoosterCreate(dataset.Handle, parameters, out var handle));
        _handle = new BoosterHandle(handle);
    }

    /// <summary>Trees so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Grows one more tree; false when nothing is left to split.</summary>
    public bool Grow()
    {
        NativeMethods.Check(NativeMethods.LGBM_BoosterUpdateOneIter(_handle, out var finished));
        if (finished != 0) return false;
        Rounds++;
        return true;
    }

    /// <summary>Log-odds of a bad loan.</summary>
    /// <param name="values">Row after row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="from">The first tree that counts.</param>
    /// <param name="trees">How many trees count from there; -1 for all.</param>
    public double[] LogOdds(float[] values, int rows, int from = 0, int trees = -1) => Predict(values, rows, Raw, from, trees, rows);

    /// <summary>LightGBM's own Shapley values: row after row one number for each feature, then the expected log-odds.</summary>
    public double[] ShapleyValues(float[] values, int rows) => Predict(values, rows, Contributions, 0, -1, rows + values.Length);

    /// <summary>The trees in LightGBM's text format.</summary>
    /// <param name="trees">How many from the first on; -1 for all.</param>
    public string Text(int trees = -1)
    {
        NativeMethods.Check(NativeMethods.LGBM_BoosterSaveModelToString(_handle, 0, trees, 0, 0, out var length, []));
        var text = new byte[length];
        NativeMethods.Check(NativeMethods.LGBM_BoosterSaveModelToString(_handle, 0, trees, 0, length, out _, text));
        return Encoding.UTF8.GetString(text, 0, (int)length - 1);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private double[] Predict(float[] values, int rows, int type, int from, int trees, int answers)
    {
        var result = new double[answers];
        if (rows > 0)
            NativeMethods.Check(NativeMethods.LGBM_BoosterPredictForMat(_handle, values, NativeMethods.Float32, rows, values.Length / rows, 1, type, from, trees, "num_threads=1", out _, result));
        return result;
    }
}
