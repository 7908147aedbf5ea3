using System.Text.RegularExpressions;

namespace Serverless.Serving;

/// <summary>The rules for every name that becomes part of a path; nothing that fails its rule reaches a path.</summary>
public static partial class Names
{
    /// <summary>Family of models.</summary>
    public static NameRule Family { get; } = new("family", LowerCase(), "1 to 50 lower-case letters, digits and hyphens, a letter or digit first");

    /// <summary>Portfolio.</summary>
    public static NameRule Portfolio { get; } = new("portfolio", LowerCase(), "1 to 50 lower-case letters, digits and hyphens, a letter or digit first");

    /// <summary>Base encoder of text models.</summary>
    public static NameRule Encoder { get; } = new("encoder name", LowerCase(), "1 to 50 lower-case letters, digits and hyphens, a letter or digit first");

    /// <summary>Version of a contract.</summary>
    public static NameRule ContractVersion { get; } = new("version", Dotted(), "1 to 50 letters, digits, hyphens and dots, a letter or digit first");

    /// <summary>Version of a model.</summary>
    public static NameRule ModelVersion { get; } = new("model version", Hash(), "16 hexadecimal digits in lower case");

    /// <summary>Id of a loan application.</summary>
    public static NameRule ApplicationId { get; } = new("applicationId", Id(), "1 to 100 letters, digits, '-', '_' and '.', a letter or digit first");

    /// <summary>File of a model bundle, or of a drop.</summary>
    public static NameRule File { get; } = new("file name", Id(), "1 to 100 letters, digits, '-', '_' and '.', a letter or digit first");

    /// <summary>Who does something, as records keep it; no part of a path.</summary>
    public static NameRule Actor { get; } = new("actor", Line100(), "1 to 100 characters in one line, no space first or last");

    /// <summary>Why somebody does something, as records keep it; no part of a path.</summary>
    public static NameRule Reason { get; } = new("reason", Line500(), "1 to 500 characters in one line, no space first or last");

    /// <summary>Intent of a text, as feedback names a new one; no part of a path.</summary>
    public static NameRule Intent { get; } = new("intent", Line100(), "1 to 100 characters in one line, no space first or last");

    /// <summary>What feedback comes from; no part of a path.</summary>
    public static NameRule FeedbackSource { get; } = new("source", LowerCase(), "1 to 50 lower-case letters, digits and hyphens, a letter or digit first");

    /// <summary>Id of a person who gives feedback; no part of a path.</summary>
    public static NameRule SaidBy { get; } = new("saidBy", Line100(), "1 to 100 characters in one line, no space first or last");

    /// <summary>Id of a feedback.</summary>
    public static NameRule FeedbackId { get; } = new("feedback id", Hashes(), "three times 16 hexadecimal digits in lower case, with hyphens between them");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,49}\\z")]
    private static partial Regex LowerCase();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.-]{0,49}\\z")]
    private static partial Regex Dotted();

    [GeneratedRegex("^[0-9a-f]{16}\\z")]
    private static partial Regex Hash();

    [GeneratedRegex("^[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{16}\\z")]
    private static partial Regex Hashes();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"^(?![ ])[^\p{C}\u2028\u2029]{1,100}(?<![ ])\z")]
    private static partial Regex Line100();

    [GeneratedRegex(@"^(?![ ])[^\p{C}\u2028\u2029]{1,500}(?<![ ])\z")]
    private static partial Regex Line500();
}

/// <summary>What a name must look like.</summary>
/// <param name="Subject">What it names.</param>
/// <param name="Pattern">The form, anchored.</param>
/// <param name="Form">The form in words.</param>
public sealed record NameRule(string Subject, Regex Pattern, string Form)
{
    /// <summary>What is wrong with a name that the rule refuses; does not repeat the name.</summary>
    public string Fault => $"{Subject} must be {Form}.";

    /// <summary>Whether the name has the form.</summary>
    public bool Allows(string? name) => name is not null && Pattern.IsMatch(name);

    /// <summary>Passes the name on.</summary>
    /// <exception cref="ArgumentException">It does not have the form.</exception>
    public string Check(string name) => Allows(name) ? name : throw new ArgumentException(Fault, nameof(name));
}
