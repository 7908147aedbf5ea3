namespace Serverless.Serving.Decisions;

/// <summary>The right to erasure (GDPR Art. 17): what is known of an applicant goes, the log's chain stays whole.</summary>
public sealed class DecisionErasure(ApplicationStore applications, DecisionLog log, TimeProvider time)
{
    /// <summary>Removes inputs, decision and reasons of an application.</summary>
    /// <returns>What is left; rejected when there is no such application.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    /// <remarks>
    /// The log entry is made sure of first, since it is computed from what goes: a delivery that crashed before it could not write it
    /// any more. A crash between any two steps leaves something to erase, and the same call again completes it.
    /// </remarks>
    public async Task<Outcome<ApplicationRecord>> RunAsync(string portfolio, string applicationId, string actor, CancellationToken cancel)
    {
        var record = await applications.FindAsync(portfolio, applicationId, cancel);
        if (record?.Case is { } made) await log.EnsureAsync(made.Entry, record.Log, cancel);
        var left = await applications.EraseAsync(portfolio, applicationId, new Erasure(time.GetUtcNow(), actor), cancel);
        return left ?? Outcome<ApplicationRecord>.Reject($"There is no decision on application '{applicationId}' in portfolio '{portfolio}'.");
    }
}
