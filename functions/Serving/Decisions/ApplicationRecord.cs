using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Serving.Documents;

namespace Serverless.Serving.Decisions;

/// <summary>What is kept of an application: <c>applications/{portfolio}/{id}.json</c>, written once, and once more when a person reviewed it, and when it is erased.</summary>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="ApplicationId">Id of the application, unique in its portfolio.</param>
/// <param name="DecisionId">Id of its decision.</param>
/// <param name="Log">Where in the decision log the entry stands, or behind it.</param>
public sealed record ApplicationRecord(string Portfolio, string ApplicationId, string DecisionId, LogPlace Log)
{
    /// <summary>Inputs and decision; null when they were erased, or left out of a copy.</summary>
    public DecidedCase? Case { get; init; }

    /// <summary>When and by whom inputs and decision were erased; null when they were not.</summary>
    public Erasure? Erased { get; init; }

    /// <summary>A decision that is about to be recorded.</summary>
    /// <param name="application">The application.</param>
    /// <param name="decision">The decision on it.</param>
    /// <param name="log">The place reserved for its entry.</param>
    /// <param name="contradictions">What its papers said otherwise then.</param>
    internal static ApplicationRecord Of(LoanApplication application, Decision decision, LogPlace log, IReadOnlyList<Contradiction> contradictions) =>
        new(application.Portfolio, application.ApplicationId, decision.DecisionId, log)
        {
            Case = new(decision, new(application.PayloadHash, application.SubmittedAt, application.Fields) { Documents = contradictions.Count > 0 ? contradictions : null }, RandomNumberGenerator.GetBytes(32)),
        };
}

/// <summary>When and by whom an application was erased.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who asked for it.</param>
public sealed record Erasure(DateTimeOffset At, string Actor);

/// <summary>What an application said.</summary>
/// <param name="PayloadHash">SHA-256 (hex) of the message in canonical form: the same id with another one is a conflict.</param>
/// <param name="SubmittedAt">When the applicant applied, as the message says.</param>
/// <param name="Fields">The inputs, as received.</param>
public sealed record ApplicationInputs(string PayloadHash, DateTimeOffset SubmittedAt, IReadOnlyDictionary<string, JsonElement> Fields)
{
    /// <summary>What papers that had come before the decision said otherwise; absent where they said nothing.</summary>
    public IReadOnlyList<Contradiction>? Documents { get; init; }
}

/// <summary>The part of a record that can be erased.</summary>
/// <param name="Decision">The decision, with its reasons.</param>
/// <param name="Inputs">What it was made from.</param>
/// <param name="HashKey">
/// Key (32 bytes, of chance) of the hashes in the log. It commits to the content like a seal: nobody can find another key and content
/// with the same hash. And with the key gone, nobody can tell by trying whose hash it was.
/// </param>
public sealed record DecidedCase(Decision Decision, ApplicationInputs Inputs, byte[] HashKey)
{
    /// <summary>What a person made of it; null when nobody reviewed it.</summary>
    public ReviewOutcome? Review { get; init; }

    /// <summary>What the log says of it.</summary>
    [JsonIgnore]
    public LogEntry Entry => new(
        Decision.DecisionId, Decision.Portfolio, Decision.ApplicationId, Decision.ModelVersion, Decision.ContractVersion, Decision.DecidedAt, Hash(Inputs), Hash(Decision));

    /// <summary>What the log says of its review; null when nobody reviewed it.</summary>
    [JsonIgnore]
    public ReviewEntry? ReviewEntry => Review is null
        ? null
        : new(ReviewOutcome.IdOf(Decision), Decision.DecisionId, Decision.Portfolio, Decision.ApplicationId, Review.At, Hash(Review));

    private string Hash<T>(T value) => Convert.ToHexStringLower(HMACSHA256.HashData(HashKey, JsonSerializer.SerializeToUtf8Bytes(value, Json.Options)));
}
