namespace Serverless.Serving.Text;

/// <summary>Takes what somebody says that a text means: checks it against the active contract and the live model, and keeps it until it is gathered.</summary>
public sealed class TextFeedback(ContractStore contracts, FeedbackStore store, TimeProvider time)
{
    private const int Named = 20;

    /// <summary>Keeps a feedback; rejected with every fault, or as <see cref="Rejection.Conflict"/> when the portfolio does not learn from feedback. Safe to repeat.</summary>
    /// <param name="given">What was said.</param>
    /// <param name="actor">The caller.</param>
    /// <param name="intents">The intents that the live model knows.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The active contract is missing or not valid.</exception>
    public async Task<Outcome<FeedbackRecord>> GiveAsync(GivenFeedback given, string actor, IReadOnlyCollection<string> intents, CancellationToken cancel)
    {
        var contract = await contracts.ActiveAsync(TextContract.FamilyName, given.Portfolio, cancel) as TextContract;
        if (WhyNotTaken(given.Portfolio, contract) is { } why) return Outcome<FeedbackRecord>.Reject(Rejection.Conflict, why);
        if (Faults(given, contract!, intents).ToList() is { Count: > 0 } faults) return Outcome<FeedbackRecord>.Reject(faults);
        var record = Record(given, actor, contract!, intents);

        // A placeholder can be longer than what it stands for.
        if (TextFaults.Of(record.Text, Longest(contract!)) is { } fault) return Outcome<FeedbackRecord>.Reject($"'text' {fault}");
        await store.AddAsync(record, cancel);
        return record;
    }

    /// <summary>Why a portfolio does not learn from feedback; null when it does.</summary>
    public static string? WhyNotTaken(string portfolio, TextContract? contract) => contract?.Drops switch
    {
        DropMode.Increment => null,
        null => $"Portfolio '{portfolio}' takes no feedback, because it has no active contract: activate one with 'serverless contract activate FILE' that says \"drops\": \"increment\".",
        _ => $"Portfolio '{portfolio}' takes no feedback, because each of its drops holds all rows and would leave it out: write \"drops\": \"increment\" with an 'idColumn' in its contract, activate that, and drop all rows once.",
    };

    /// <summary>The one place where what was said becomes what is kept: personal numbers and addresses leave the text here.</summary>
    private FeedbackRecord Record(GivenFeedback given, string actor, TextContract contract, IReadOnlyCollection<string> intents)
    {
        var redacted = new Redactor(contract.Redaction).Redact(given.Text.Trim());
        return new(given.Portfolio, redacted.Text, given.Intent, given.Source, actor, time.GetUtcNow())
        {
            SaidBy = given.SaidBy,
            NewIntent = !Knows(given.Intent, contract, intents),
            Redactions = redacted.Redactions,
        };
    }

    private static int Longest(TextContract contract) => Math.Min(contract.MaxLength, contract.Limits.MaxFieldLength);

    private static IEnumerable<string> Faults(GivenFeedback given, TextContract contract, IReadOnlyCollection<string> intents)
    {
        if (TextFaults.Of(given.Text, Longest(contract)) is { } fault) yield return $"'text' {fault}";
        else if (given.Text.AsSpan().ContainsAny('\0', '\uFFFF')) yield return "'text' holds a character that no text has (NUL or U+FFFF): leave it out.";
        if (!Names.FeedbackSource.Allows(given.Source)) yield return Names.FeedbackSource.Fault;
        if (given.SaidBy is not null && !Names.SaidBy.Allows(given.SaidBy)) yield return Names.SaidBy.Fault;
        if (Knows(given.Intent, contract, intents)) yield break;
        if (!Names.Intent.Allows(given.Intent) || given.Intent.Trim() != given.Intent) yield return Names.Intent.Fault;
        else if (!contract.Feedback.NewIntents) yield return $"'intent' is none that the live model knows ({Known(contract, intents)}): correct it, or let the contract's feedback.newIntents allow new ones.";
    }

    private static bool Knows(string intent, TextContract contract, IReadOnlyCollection<string> intents) => intents.Contains(intent) || intent == contract.OutOfScopeLabel;

    private static string Known(TextContract contract, IReadOnlyCollection<string> intents)
    {
        var known = intents.Concat(contract.OutOfScopeLabel is { } none ? [none] : Array.Empty<string>()).ToList();
        return string.Join(", ", known.Take(Named).Select(i => $"'{i}'")) + (known.Count > Named ? $" and {known.Count - Named} more" : "");
    }
}

/// <summary>What was said, as it came.</summary>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="Text">The text.</param>
/// <param name="Intent">What it means.</param>
/// <param name="Source">What it comes from.</param>
/// <param name="SaidBy">Id of the person who says so; null where none was given.</param>
public sealed record GivenFeedback(string Portfolio, string Text, string Intent, string Source, string? SaidBy);
