using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Text;

/// <summary>The registered encoder whose vectors of texts a third part of the classifier is fitted on, and how it is asked.</summary>
public sealed record EncoderRules
{
    /// <summary>Its name, as it was registered.</summary>
    [RegularExpression("^[a-z0-9][a-z0-9-]{0,49}$", ErrorMessage = "be the name of a registered encoder, as 'serverless encoders list' shows it")]
    public required string Name { get; init; }

    /// <summary>Its version: the hash of its files, as registering printed it.</summary>
    [RegularExpression("^[0-9a-f]{16}$", ErrorMessage = "be 16 hexadecimal digits in lower case, as 'serverless encoders list' shows them")]
    public required string Version { get; init; }

    /// <summary>How the vectors of a text's tokens become one.</summary>
    public EncoderPooling Pooling { get; init; } = EncoderPooling.Mean;

    /// <summary>Tokens of a text that are read, the first and the last mark included; what follows is not. 8 to 512, and no more than the encoder can read.</summary>
    [Range(8, 512, ErrorMessage = "128 is usual; more cost time")]
    public int MaxTokens { get; init; } = 128;
}

/// <summary>How one vector is made of those of the tokens.</summary>
public enum EncoderPooling
{
    /// <summary>Their mean (Reimers and Gurevych 2019).</summary>
    Mean,

    /// <summary>That of the first mark, which stands for the text (Devlin et al. 2019).</summary>
    Cls,
}
