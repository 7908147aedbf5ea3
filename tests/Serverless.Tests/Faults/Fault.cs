namespace Serverless.Tests.Faults;

/// <summary>What can go wrong with one call to the storage.</summary>
internal enum Fault
{
    /// <summary>Answered 503, as by a busy service; nothing took effect. The SDK tries again.</summary>
    Refuse,

    /// <summary>Answered 500; nothing took effect. The SDK tries again.</summary>
    Error,

    /// <summary>The connection breaks before the service was reached. The SDK tries again.</summary>
    Break,

    /// <summary>The connection breaks after the call took effect. The SDK tries again what was done.</summary>
    Cut,

    /// <summary>The call reaches the service twice; the second answer counts.</summary>
    Duplicate,

    /// <summary>The call reaches the service late.</summary>
    Delay,

    /// <summary>The process dies before the call.</summary>
    CrashBefore,

    /// <summary>The process dies when the call has taken effect and before it is answered.</summary>
    CrashAfter,

    /// <summary>Answered 403, as where a role is missing. The SDK does not try again; no part of the matrix, since it does not pass.</summary>
    Forbid,
}

/// <summary>A call to the storage: one HTTP request, so that a retry is a call of its own.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Resource">
/// Service and path without the account, such as <c>blob:models/credit/x.json</c>, with <c>comp</c> and <c>restype</c> as the only
/// parts of the query: the others may be secrets.
/// </param>
internal sealed record StorageCall(int Number, string Method, string Resource)
{
    public override string ToString() => $"call {Number}, {Method} {Resource}";
}

/// <summary>The process is dead. Nothing of the code under test may catch it, and no retry helps.</summary>
internal sealed class CrashException() : Exception("The process died (injected).");
