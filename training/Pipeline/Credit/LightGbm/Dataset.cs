namespace Serverless.Training.Credit.LightGbm;

/// <summary>Rows with their outcomes, as LightGBM keeps them.</summary>
internal sealed class Dataset : IDisposable
{
    private static readonly NativeMethods.Log Silence = _ => { };

    private Dataset(DatasetHandle handle, int columns) => (Handle, Columns) = (handle, columns);

    /// <summary>The native rows.</summary>
    public DatasetHandle Handle { get; }

    /// <summary>Features of a row.</summary>
    public int Columns { get; }

    /// <summary>Copies rows to LightGBM, which finds its bins.</summary>
    /// <param name="values">Row after row; NaN is missing.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <param name="parameters">Space-separated <c>name=value</c> of LightGBM; those of bins count here.</param>
    /// <exception cref="LightGbmException">LightGBM refuses the rows.</exception>
    public static Dataset Of(float[] values, bool[] bad, string parameters)
    {
        // It writes to the standard output else.
        NativeMethods.Check(NativeMethods.LGBM_RegisterLogCallback(Silence));
        var columns = values.Length / bad.Length;
        NativeMethods.Check(NativeMethods.LGBM_DatasetCreateFromMat(values, NativeMethods.Float32, bad.Length, columns, 1, parameters, 0, out var handle));
        var dataset = new Dataset(new DatasetHandle(handle), columns);
        NativeMethods.Check(NativeMethods.LGBM_DatasetSetField(dataset.Handle, "label", Array.ConvertAll(bad, b => b ? 1f : 0f), bad.Length, NativeMethods.Float32));
        return dataset;
    }

    /// <summary>Some of the rows, in the same bins.</summary>
    /// <param name="rows">Their places, ascending.</param>
    /// <param name="parameters">As for <see cref="Of"/>.</param>
    public Dataset Subset(int[] rows, string parameters)
    {
        NativeMethods.Check(NativeMethods.LGBM_DatasetGetSubset(Handle, rows, rows.Length, parameters, out var handle));
        return new Dataset(new DatasetHandle(handle), Columns);
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
