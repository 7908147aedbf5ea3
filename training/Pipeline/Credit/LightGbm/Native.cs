using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Serverless.Serving;

namespace Serverless.Training.Credit.LightGbm;

/// <summary>The functions of LightGBM's C interface (version 4.6) that are called; what they mean stands in its c_api.h.</summary>
internal static unsafe partial class Native
{
    private const string Library = "lib_lightgbm";

    [ThreadStatic]
    private static bool _quiet;

    /// <summary>The library, for what checks that it loads.</summary>
    public static NativeCode Code { get; } = new(
        Library, typeof(Native).Assembly,
        "on Debian and Ubuntu 'apt-get install libgomp1', on an Intel Mac 'brew install libomp'; there is no build for ARM processors, such as Apple's: train on x64.");

    /// <summary>
    /// Keeps the library quiet on this thread, which each one must ask for. Its messages repeat what exceptions say, and would go to the
    /// standard output, which belongs to the caller.
    /// </summary>
    public static void Quiet()
    {
        if (_quiet) return;
        Check(RegisterLogCallback(&Silence));
        _quiet = true;
    }

    /// <summary>Throws when a call did not succeed.</summary>
    public static void Check(int status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status == 0) return;
        var name = call.AsSpan(call.IndexOf('.') + 1);
        throw new LightGbmException(name[..name.IndexOf('(')].ToString(), Marshal.PtrToStringUTF8(LastError()) ?? "no reason given");
    }

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromMat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int CreateDataset(float* values, int type, int rows, int columns, int rowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetGetSubset", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int Subset(DatasetHandle dataset, int* rows, int count, string parameters, out nint subset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int SetField(DatasetHandle dataset, string field, float* values, int count, int type);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetFree")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int FreeDataset(nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int CreateBooster(DatasetHandle dataset, string parameters, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int FreeBooster(nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterAddValidData")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int AddValidation(BoosterHandle booster, DatasetHandle dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int Update(BoosterHandle booster, out int finished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterGetEval")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int Evaluate(BoosterHandle booster, int dataset, out int count, double* results);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterSaveModelToString")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int Save(BoosterHandle booster, int firstRound, int rounds, int importance, long size, out long needed, byte* text);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial int Predict(BoosterHandle booster, float* values, int type, int rows, int columns, int rowMajor, int kind, int firstRound, int rounds, string parameters, out long count, double* results);

    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial nint LastError();

    [LibraryImport(Library, EntryPoint = "LGBM_RegisterLogCallback")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int RegisterLogCallback(delegate* unmanaged[Cdecl]<byte*, void> callback);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Silence(byte* message)
    {
    }
}

/// <summary>A native dataset.</summary>
internal sealed class DatasetHandle : SafeHandle
{
    public DatasetHandle(nint dataset)
        : base(0, true) => SetHandle(dataset);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Native.FreeDataset(handle) == 0;
}

/// <summary>A native booster.</summary>
internal sealed class BoosterHandle : SafeHandle
{
    public BoosterHandle(nint booster)
        : base(0, true) => SetHandle(booster);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Native.FreeBooster(handle) == 0;
}
