namespace Serverless.Training.Credit.LightGbm;

/// <summary>A call of the native library that failed, with the library's own words.</summary>
public sealed class LightGbmException(string call, string message) : Exception($"LightGBM, {call}: {message}");
