using System.Globalization;

namespace Serverless.Training.Credit.LightGbm;

/// <summary>
/// Rows to boost on, as LightGBM keeps them. Features are whole numbers from 0 on, so each value is a bin of its own and every threshold
/// lies between two of them.
/// </summary>
internal sealed class BoostingData : IDisposable
{
    // A bin for each value, whatever its rows, and the one for NaN; what a candidate asks of leaves must not drop features beforehand.
    private const string Parameters = "max_bin=255 min_data_in_bin=1 feature_pre_filter=false bin_construct_sample_cnt=2000000000 verbosity=-1 force_row_wise=true num_threads=2";

    private BoostingData(DatasetHandle handle, int rows) => (Handle, Rows) = (handle, rows);

    /// <summary>The native dataset.</summary>
    public DatasetHandle Handle { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Copies the features.</summary>
    /// <param name="values">Column after column, the value of each row; NaN where there is none.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <param name="categories">Places of the features whose values have no order; those below 0 are in no set.</param>
    public static BoostingData Of(float[] values, bool[] bad, IEnumerable<int> categories) => Of(values, Array.ConvertAll(bad, b => b ? 1f : 0f), categories);

    /// <summary>Copies the features, of which numbers that are not whole share at most 255 bins.</summary>
    /// <param name="values">Column after column, the value of each row; NaN where there is none.</param>
    /// <param name="labels">What each row is to give.</param>
    /// <param name="categories">Places of the features whose values have no order; those below 0 are in no set.</param>
    public static unsafe BoostingData Of(float[] values, float[] labels, IEnumerable<int> categories)
    {
        Native.Quiet();
        var columns = values.Length / labels.Length;
        nint created;
        var parameters = $"{Parameters} categorical_feature={string.Join(',', categories.Select(c => c.ToString(CultureInfo.InvariantCulture)))}";
        fixed (float* first = values) Native.Check(Native.CreateDataset(first, 0, labels.Length, columns, 0, parameters, 0, out created));
        var data = new BoostingData(new DatasetHandle(created), labels.Length);
        fixed (float* first = labels) Native.Check(Native.SetField(data.Handle, "label", first, labels.Length, 0));
        return data;
    }

    /// <summary>Some of the rows.</summary>
    /// <param name="rows">Their places, ascending.</param>
    public unsafe BoostingData Subset(int[] rows)
    {
        Native.Quiet();
        nint subset;
        fixed (int* first = rows) Native.Check(Native.Subset(Handle, first, rows.Length, Parameters, out subset));
        return new BoostingData(new DatasetHandle(subset), rows.Length);
    }

    /// <summary>Log-odds that trees start from, row by row, instead of the average.</summary>
    public unsafe void StartFrom(double[] logOdds)
    {
        fixed (double* first = logOdds) Native.Check(Native.SetField(Handle, "init_score", (float*)first, logOdds.Length, 1)); // 1: the numbers are doubles
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
