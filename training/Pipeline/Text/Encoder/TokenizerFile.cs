using System.Text.Json.Nodes;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Reads a WordPiece tokenizer from <c>tokenizer.json</c>, and refuses every setting that is not followed to the letter.</summary>
internal static class TokenizerFile
{
    private const string Take = "take an encoder with BERT's tokenizer.";

    // Of added tokens: each changes where a token is found.
    private static readonly string[] Flags = ["single_word", "lstrip", "rstrip", "normalized"];

    /// <summary>Reads it; null with the faults added.</summary>
    public static EncoderVocabulary? Of(JsonObject? json, List<string> faults)
    {
        if (json is null) return null;
        var before = faults.Count;
        var (model, normal, words) = (HuggingFaceJson.Object(json, "model"), HuggingFaceJson.Object(json, "normalizer"), HuggingFaceJson.Object(json, "pre_tokenizer"));
        if (model is null || (HuggingFaceJson.Text(model, "type") ?? "WordPiece") != "WordPiece" || HuggingFaceJson.Object(model, "vocab") is null)
            faults.Add($"tokenizer.json is of model '{HuggingFaceJson.Text(model, "type") ?? "none"}', and WordPiece is supported (not BPE, Unigram or WordLevel): {Take}");
        if (HuggingFaceJson.Text(normal, "type") != "BertNormalizer") faults.Add($"tokenizer.json has the normalizer '{HuggingFaceJson.Text(normal, "type") ?? "none"}', and BertNormalizer is supported: {Take}");
        if (HuggingFaceJson.Text(words, "type") != "BertPreTokenizer") faults.Add($"tokenizer.json has the pre_tokenizer '{HuggingFaceJson.Text(words, "type") ?? "none"}', and BertPreTokenizer is supported: {Take}");
        if (Marks(HuggingFaceJson.Object(json, "post_processor")) is not var (first, last)) faults.Add($"tokenizer.json has a post_processor that does not put one token before a text and one behind it: {Take}");
        else if (faults.Count == before)
        {
            var ids = Ids(model!, json, faults, out var special);
            var lower = HuggingFaceJson.Flag(normal, "lowercase") ?? true;
            var unknown = HuggingFaceJson.Text(model, "unk_token") ?? "[UNK]";
            var rules = new TokenRules(
                HuggingFaceJson.Flag(normal, "clean_text") ?? true, HuggingFaceJson.Flag(normal, "handle_chinese_chars") ?? true, HuggingFaceJson.Flag(normal, "strip_accents") ?? lower, lower,
                HuggingFaceJson.Text(model, "continuing_subword_prefix") ?? "##", HuggingFaceJson.Number(model, "max_input_chars_per_word") ?? 100, unknown, first, last, special);
            var vocabulary = EncoderVocabulary.Of(rules, ids, "tokenizer.json", faults);
            return faults.Count > before ? null : vocabulary;
        }

        return null;
    }

    private static Dictionary<string, int> Ids(JsonObject model, JsonObject json, List<string> faults, out IReadOnlyList<string> special)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in HuggingFaceJson.Object(model, "vocab")!) ids[token] = id is JsonValue value && value.TryGetValue<int>(out var number) ? number : -1;
        var spelledOut = new List<string>();
        foreach (var added in HuggingFaceJson.List(json, "added_tokens") ?? [])
        {
            if (HuggingFaceJson.Text(added, "content") is not { Length: > 0 } token || HuggingFaceJson.Number(added, "id") is not { } id || (ids.TryGetValue(token, out var known) && known != id)
                || Flags.Any(flag => HuggingFaceJson.Flag(added, flag) == true))
            {
                faults.Add($"tokenizer.json has an added token that is not one of the vocabulary's spelled out as it is (single_word, lstrip, rstrip or normalized): {Take}");
                break;
            }

            ids[token] = id;
            spelledOut.Add(token);
        }

        special = spelledOut;
        return ids;
    }

    // [CLS] and [SEP], whichever of the two forms says so.
    private static (string First, string Last)? Marks(JsonObject? processor)
    {
        switch (HuggingFaceJson.Text(processor, "type"))
        {
            case "BertProcessing":
                return HuggingFaceJson.List(processor, "cls") is [JsonValue cls, ..] && HuggingFaceJson.List(processor, "sep") is [JsonValue sep, ..] && cls.TryGetValue<string>(out var first) && sep.TryGetValue<string>(out var last) ? (first, last) : null;
            case "TemplateProcessing":
                if (HuggingFaceJson.List(processor, "single") is not [var before, var text, var behind] || HuggingFaceJson.Object(text, "Sequence") is null) return null;
                return Token(before) is { } one && Token(behind) is { } other ? (one, other) : null;
            default:
                return null;
        }

        static string? Token(JsonNode? part) => HuggingFaceJson.Text(HuggingFaceJson.Object(part, "SpecialToken"), "id");
    }
}
