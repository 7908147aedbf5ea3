using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Reads a WordPiece tokenizer from <c>vocab.txt</c> and <c>tokenizer_config.json</c>, with the defaults of the original's <c>BertTokenizer</c>.</summary>
internal static class VocabularyFile
{
    private static readonly string[] Classes = ["BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast", "ElectraTokenizer", "ElectraTokenizerFast", "MobileBertTokenizer", "MobileBertTokenizerFast", "SqueezeBertTokenizer", "SqueezeBertTokenizerFast"];

    /// <summary>Reads it; null with the faults added.</summary>
    public static EncoderVocabulary? Of(byte[] vocabulary, JsonObject config, List<string> faults)
    {
        var before = faults.Count;
        if (HuggingFaceJson.Text(config, "tokenizer_class") is { } name && !Classes.Contains(name)) faults.Add($"tokenizer_config.json names '{name}', and tokenizers of BERT's kind (WordPiece) are supported: take an encoder that has one.");
        if (HuggingFaceJson.Flag(config, "do_basic_tokenize") == false) faults.Add("tokenizer_config.json says \"do_basic_tokenize\": false, which is not supported: take an encoder that splits texts into words.");
        if (HuggingFaceJson.List(config, "never_split") is { Count: > 0 }) faults.Add("tokenizer_config.json has 'never_split', which is not supported: take an encoder without it.");
        var ids = Read(vocabulary, faults);
        if (faults.Count > before) return null;
        var lower = HuggingFaceJson.Flag(config, "do_lower_case") ?? true;
        var (unknown, first, last) = (Token("unk_token", "[UNK]"), Token("cls_token", "[CLS]"), Token("sep_token", "[SEP]"));
        string[] special = [.. new[] { unknown, last, Token("pad_token", "[PAD]"), first, Token("mask_token", "[MASK]") }.Distinct()];
        var rules = new TokenRules(true, HuggingFaceJson.Flag(config, "tokenize_chinese_chars") ?? true, HuggingFaceJson.Flag(config, "strip_accents") ?? lower, lower, "##", 100, unknown, first, last, special);
        return EncoderVocabulary.Of(rules, ids, "vocab.txt", faults);

        string Token(string member, string usual) => HuggingFaceJson.Text(config, member) ?? HuggingFaceJson.Text(HuggingFaceJson.Object(config, member), "content") ?? usual;
    }

    private static Dictionary<string, int> Read(byte[] vocabulary, List<string> faults)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        using var lines = new StreamReader(new MemoryStream(vocabulary), new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            while (lines.ReadLine() is { } token)
            {
                if (!ids.TryAdd(token, ids.Count))
                {
                    faults.Add($"vocab.txt has the token of line {ids.Count + 1} twice: export the tokenizer as tokenizer.json.");
                    break;
                }
            }
        }
        catch (DecoderFallbackException)
        {
            faults.Add("vocab.txt is not UTF-8: export the tokenizer again.");
        }

        return ids;
    }
}
