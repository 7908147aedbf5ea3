using System.Text.Json.Nodes;

namespace Serverless.Training.Text;

/// <summary>What <c>config.json</c> of an exported encoder says of it.</summary>
/// <param name="ModelType">Its architecture.</param>
/// <param name="Dimensions">Numbers of a token's vector.</param>
/// <param name="Positions">Tokens that it can read at once.</param>
/// <param name="Tokens">Tokens that it knows.</param>
internal sealed record EncoderConfig(string ModelType, int Dimensions, int Positions, int Tokens)
{
    private const int MostDimensions = 4096, MostPositions = 1 << 16, MostTokens = 1 << 21;

    /// <summary>Reads it; null with the faults added.</summary>
    public static EncoderConfig? Of(JsonObject? config, IReadOnlyList<string> modelTypes, List<string> faults)
    {
        if (config is null) return null;
        var before = faults.Count;
        var type = HuggingFaceJson.Text(config, "model_type");
        if (!modelTypes.Contains(type)) faults.Add($"config.json says \"model_type\": \"{type}\", and {string.Join(", ", modelTypes)} are supported: take an encoder of one of these.");
        var dimensions = Number(type == "distilbert" ? "dim" : "hidden_size", MostDimensions);
        var positions = Number("max_position_embeddings", MostPositions);
        var tokens = Number("vocab_size", MostTokens);
        return faults.Count > before ? null : new(type!, dimensions, positions, tokens);

        int Number(string member, int most)
        {
            if (HuggingFaceJson.Number(config, member) is { } number && number >= 2 && number <= most) return number;
            faults.Add($"config.json has no '{member}' between 2 and {most}: export the model again.");
            return 0;
        }
    }
}

/// <summary>Reads members of JSON that may be missing or of any type; null for whatever is not as asked for.</summary>
internal static class HuggingFaceJson
{
    public static JsonObject? Object(JsonNode? json, string member) => (json as JsonObject)?[member] as JsonObject;

    public static JsonArray? List(JsonNode? json, string member) => (json as JsonObject)?[member] as JsonArray;

    public static string? Text(JsonNode? json, string member) => (json as JsonObject)?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static int? Number(JsonNode? json, string member) => (json as JsonObject)?[member] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    public static bool? Flag(JsonNode? json, string member) => (json as JsonObject)?[member] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;
}
