using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Text;

/// <summary>What somebody says that a text means, as it is kept.</summary>
/// <param name="Portfolio">Portfolio of the model that is to learn it.</param>
/// <param name="Text">The text, redacted.</param>
/// <param name="Intent">The right intent, or the contract's out-of-scope label.</param>
/// <param name="Source">What it comes from, such as <c>agent-desktop</c>.</param>
/// <param name="Actor">The caller that sent it.</param>
/// <param name="At">When it came, UTC.</param>
public sealed record FeedbackRecord(string Portfolio, string Text, string Intent, string Source, string Actor, DateTimeOffset At)
{
    /// <summary>Id of the person who says so, by which it is shown and erased; null where none was given.</summary>
    public string? SaidBy { get; init; }

    /// <summary>Whether the model that was live then did not know the intent.</summary>
    public bool NewIntent { get; init; }

    /// <summary>What was taken out of the text, a line a kind; empty for nothing.</summary>
    public IReadOnlyList<Redaction> Redactions { get; init; } = [];

    /// <summary>The drop that it was gathered into; null while it waits.</summary>
    public string? Drop { get; init; }

    /// <summary>What tells it from other feedback. The same said again by the same person is the same feedback.</summary>
    [JsonIgnore]
    public FeedbackId Id => new(KeyOf(Said(Text)), KeyOf(Intent), KeyOf(SaidBy ?? ""));

    /// <summary>Key of a person, as ids of feedback end with it.</summary>
    public static string PersonKey(string saidBy) => KeyOf(saidBy);

    // Case, width and spaces do not make another text: the model does not tell them apart either.
    private static string Said(string text) => string.Join(' ', Nfkc.Normalize(text).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string KeyOf(string said) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..16];
}

/// <summary>Id of a feedback: three times 16 hexadecimal digits.</summary>
/// <param name="Text">Of the text.</param>
/// <param name="Intent">Of the intent.</param>
/// <param name="Person">Of whoever said it.</param>
public sealed record FeedbackId(string Text, string Intent, string Person)
{
    /// <summary>Id of the row that is trained on: one for a text, so that what is said of it later replaces what was said before.</summary>
    public string Row => $"feedback-{Text}";

    /// <summary>Reads an id as it is written; null when it has another form.</summary>
    public static FeedbackId? Read(string written) => Names.FeedbackId.Allows(written) ? new(written[..16], written[17..33], written[34..]) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Text}-{Intent}-{Person}";
}
