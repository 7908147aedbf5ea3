namespace Serverless.Serving.Documents;

/// <summary>What was read of a paper of an application: <c>applications/{portfolio}/{applicationId}/documents/{file}.json</c>. Applicant content: it goes with the application.</summary>
/// <param name="Portfolio">Portfolio of the application.</param>
/// <param name="ApplicationId">Id of the application.</param>
/// <param name="File">Name of the picture's file.</param>
/// <param name="ETag">That of the picture that was read: another one under the same name is read anew.</param>
/// <param name="ReadAt">When, UTC.</param>
/// <param name="Version">Version of the reader.</param>
public sealed record DocumentReading(string Portfolio, string ApplicationId, string File, string ETag, DateTimeOffset ReadAt, string Version)
{
    /// <summary>The page; absent where it could not be read.</summary>
    public ReadPage? Page { get; init; }

    /// <summary>Its key fields; absent where it could not be read.</summary>
    public KeyFields? Fields { get; init; }

    /// <summary>Why it could not be read, with what to do; empty where it could.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}

/// <summary>A paper that says otherwise than its application. For whoever reviews, and for the applicant who asks for what is kept; no reason and no message repeats its values.</summary>
/// <param name="Field">Field of the application.</param>
/// <param name="Reads">What was read from the paper.</param>
/// <param name="File">The paper.</param>
/// <param name="Stated">What the application says.</param>
/// <param name="Read">What the paper says.</param>
/// <param name="Confidence">How sure the reading is, 0 to 1.</param>
public sealed record Contradiction(string Field, KeyFieldName Reads, string File, string Stated, string Read, double Confidence);
