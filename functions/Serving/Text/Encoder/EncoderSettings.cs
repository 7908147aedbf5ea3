namespace Serverless.Serving.Text;

/// <summary>What an encoder's graph takes and gives; <c>encoder.json</c> of its bundle, and of every model that is built on it.</summary>
/// <param name="ModelType">Its architecture, such as <c>bert</c>.</param>
/// <param name="Dimensions">Numbers of a token's vector.</param>
/// <param name="MostTokens">Tokens that it can read at once; it has no positions for more.</param>
/// <param name="Output">The graph's output with the tokens' vectors, float [n, length, dimensions].</param>
/// <param name="TokenTypes">Whether the graph takes <c>token_type_ids</c> too, all 0 here.</param>
/// <param name="Tokens">How texts become tokens.</param>
public sealed record EncoderSettings(string ModelType, int Dimensions, int MostTokens, string Output, bool TokenTypes, TokenRules Tokens)
{
    /// <summary>Family of the bundles that hold registered encoders.</summary>
    public const string FamilyName = "encoder";

    /// <summary>Names of the files: these settings, the graph, a token a line, and the licence where there is one.</summary>
    public const string File = "encoder.json", GraphFile = "encoder.onnx", VocabularyFile = "vocabulary.txt", LicenceFile = "encoder-licence.txt";

    /// <summary>Most bytes of an encoder's files together: what a model's may have, less 16 MB for the rest of the model.</summary>
    public const long MostBytes = (ModelBundle.MaxMegabytes - 16L) << 20;
}

/// <summary>How a WordPiece tokenizer of the BERT kind reads texts (Devlin et al. 2019), in the order in which it does.</summary>
/// <param name="CleanText">Whether control characters are taken out and every white space becomes a space.</param>
/// <param name="ChineseCharacters">Whether each ideograph is a word.</param>
/// <param name="StripAccents">Whether marks on letters are taken off.</param>
/// <param name="LowerCase">Whether letters become lower case.</param>
/// <param name="Prefix">What stands before a piece that is not the first of its word.</param>
/// <param name="MostCharacters">A word of more characters is unknown.</param>
/// <param name="Unknown">The token of an unknown word.</param>
/// <param name="First">The token before a text.</param>
/// <param name="Last">The token behind it.</param>
/// <param name="Special">Tokens that stand for themselves where a text spells them out, these three among them.</param>
public sealed record TokenRules(
    bool CleanText, bool ChineseCharacters, bool StripAccents, bool LowerCase, string Prefix, int MostCharacters, string Unknown, string First, string Last, IReadOnlyList<string> Special)
{
    /// <summary>The most that <see cref="MostCharacters"/> can be.</summary>
    public const int MostOfWord = 1000;
}
