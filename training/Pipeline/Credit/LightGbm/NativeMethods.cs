using System.Runtime.InteropServices;

namespace Serverless.Training.Credit.LightGbm;

/// <summary>The dozen functions of LightGBM's C interface (c_api.h of version 4.6) that training needs. Each answers 0, or -1 and leaves a message.</summary>
internal static class NativeMethods
{
    /// <summary>Name of the library, without prefix and ending.</summary>
    public const string Library = "lib_lightgbm";

    public const int Float32 = 0, Float64 = 1;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void Log([MarshalAs(UnmanagedType.LPUTF8Str)] string message);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern nint LGBM_GetLastError();

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_RegisterLogCallback(Log callback);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_DatasetCreateFromMat(
        float[] data, int dataType, int rows, int columns, int rowMajor, [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, nint reference, out nint dataset);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_DatasetGetSubset(
        DatasetHandle dataset, int[] rows, int count, [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, out nint subset);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_DatasetSetField(
        DatasetHandle dataset, [MarshalAs(UnmanagedType.LPUTF8Str)] string field, float[] values, int count, int type);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_DatasetFree(nint dataset);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_BoosterCreate(DatasetHandle dataset, [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, out nint booster);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_BoosterUpdateOneIter(BoosterHandle booster, out int finished);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_BoosterPredictForMat(
        BoosterHandle booster, float[] data, int dataType, int rows, int columns, int rowMajor, int predictType, int start, int iterations,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, out long length, double[] result);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_BoosterSaveModelToString(
        BoosterHandle booster, int start, int iterations, int importanceType, long bufferLength, out long length, byte[] text);

    [DllImport(Library, ExactSpelling = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static extern int LGBM_BoosterFree(nint booster);

    /// <summary>Throws what LightGBM says when a call fails.</summary>
    /// <exception cref="LightGbmException">The call failed.</exception>
    public static void Check(int answer)
    {
        if (answer != 0) throw new LightGbmException(Marshal.PtrToStringUTF8(LGBM_GetLastError()) ?? "no message");
    }
}

/// <summary>LightGBM refused a call: a fault of this program, or of a parameter, with LightGBM's own message.</summary>
public sealed class LightGbmException(string message) : Exception($"LightGBM: {message}");

/// <summary>Rows in LightGBM's bins.</summary>
internal sealed class DatasetHandle : SafeHandle
{
    public DatasetHandle(nint dataset) : base(0, ownsHandle: true) => SetHandle(dataset);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => NativeMethods.LGBM_DatasetFree(handle) == 0;
}

/// <summary>Trees that grow.</summary>
internal sealed class BoosterHandle : SafeHandle
{
    public BoosterHandle(nint booster) : base(0, ownsHandle: true) => SetHandle(booster);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => NativeMethods.LGBM_BoosterFree(handle) == 0;
}
