using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.Training;

/// <summary>Versions of what trains and serves; in every manifest.</summary>
internal static class Packages
{
    /// <summary>Version of this product.</summary>
    public static string Product { get; } = Version(typeof(Packages));

    /// <summary>Versions by package.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(Native())
    {
        ["Microsoft.ML"] = Version(typeof(MLContext)),
        ["Microsoft.ML.OnnxRuntime"] = Version(typeof(InferenceSession)),
        ["Serverless"] = Product,
        ["TorchSharp"] = Version(typeof(TorchSharp.torch)),
    };

    // LightGBM and libtorch: the project file writes down which versions it builds with.
    private static IEnumerable<KeyValuePair<string, string>> Native() =>
        typeof(Packages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(m => m.Key is "LightGBM" || m.Key.StartsWith("libtorch", StringComparison.Ordinal))
            .Select(m => KeyValuePair.Create(m.Key, m.Value!));

    // Without the commit that some packages append.
    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
