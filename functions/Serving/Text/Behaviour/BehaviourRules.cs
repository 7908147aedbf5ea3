using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Serverless.Serving.Text;

/// <summary>
/// How a classifier must behave beyond its accuracy (CheckList: Ribeiro et al. 2020, "Beyond Accuracy"): the same answer to a message that is
/// written otherwise, and stated answers to stated texts.
/// </summary>
public sealed record BehaviourRules
{
    /// <summary>Stands for the customer's words in a greeting.</summary>
    public const string Words = "{text}";

    /// <summary>Names of the shares of texts whose best intent stays, as metrics and as floors of the gate.</summary>
    public const string Typos = "invarianceTypos", Case = "invarianceCase", Punctuation = "invariancePunctuation", Greeted = "invarianceGreetings";

    internal const string AroundWords = @"^[^{}]*\{text\}[^{}]*\z";

    /// <summary>
    /// Most held-out texts that are also asked with a typing error, in other case, with other punctuation and with a greeting, to see whether
    /// their best intent stays: <c>invarianceTypos</c>, <c>invarianceCase</c>, <c>invariancePunctuation</c> and <c>invarianceGreetings</c> are
    /// the shares, on which <c>gate.floors</c> can set least values. 0 leaves these tests out.
    /// </summary>
    [Range(0, 10_000)]
    public int Texts { get; init; } = 500;

    /// <summary>Greetings and thanks, with {text} where the customer's words stand. Write those of your customers' languages; an empty list leaves this test out.</summary>
    [RegularExpression(AroundWords)]
    public IReadOnlyList<string> Greetings { get; init; } = ["Hi, {text}", "Hello, {text}", "Good morning. {text}", "{text} Thanks!", "Hi there, {text} Thank you."];

    /// <summary>Texts of your own whose answers are known. A version that answers one otherwise does not go live.</summary>
    public IReadOnlyList<BehaviourCase> Cases { get; init; } = [];

    /// <summary>What reports call a case: its number and name, never its text.</summary>
    /// <param name="place">Its place in <see cref="Cases"/>, from 0.</param>
    public string CaseName(int place) =>
        string.Create(CultureInfo.InvariantCulture, $"number {place + 1}{(Cases[place]?.Name is { } name ? $" '{name}'" : "")}");
}

/// <summary>
/// A text and what its answer must be: one intent, any but one, none of them, or, beside the text before a change (a directional test), the way
/// in which a probability moves.
/// </summary>
public sealed record BehaviourCase
{
    /// <summary>What reports call it, beside its number.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>The text; no customer's own.</summary>
    [RegularExpression(DataContract.Filled)]
    public required string Text { get; init; }

    /// <summary>The intent that it must get. Without it and without <c>not</c> the answer must be none of the intents.</summary>
    [RegularExpression(DataContract.Unpadded)]
    public string? Intent { get; init; }

    /// <summary>An intent that it must not get, such as that of a text which says the opposite.</summary>
    [RegularExpression(DataContract.Unpadded)]
    public string? Not { get; init; }

    /// <summary>
    /// The text before a change. Then only the direction counts: from it to <c>text</c> the probability of <c>intent</c> must rise, or that of
    /// <c>not</c> fall.
    /// </summary>
    [RegularExpression(DataContract.Filled)]
    public string? From { get; init; }
}
