namespace Serverless.Serving;

/// <summary>
/// How a unit of work ended: with its result, or rejected because of what was given. Rejected input is never retried;
/// everything transient is an exception, which the host retries.
/// </summary>
/// <typeparam name="T">The result of work that was done.</typeparam>
public abstract record Outcome<T>
{
    private Outcome()
    {
    }

    /// <summary>The work was done.</summary>
    public sealed record Done(T Value) : Outcome<T>;

    /// <summary>The input was bad; each reason tells the sender what to do.</summary>
    public sealed record Rejected(IReadOnlyList<string> Reasons) : Outcome<T>
    {
        /// <summary>Whether the input is bad in itself, or only against what is stored.</summary>
        public Rejection Kind { get; init; }
    }

    /// <summary>A value counts as done.</summary>
    public static implicit operator Outcome<T>(T value) => new Done(value);

    /// <summary>Rejects with one or more reasons.</summary>
    public static Outcome<T> Reject(params IReadOnlyList<string> reasons) => new Rejected(reasons);

    /// <summary>Rejects because of what is stored.</summary>
    public static Outcome<T> Reject(Rejection kind, string reason) => new Rejected([reason]) { Kind = kind };

    /// <summary>Goes on with the result, or passes the rejection on.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next) => this switch
    {
        Done done => next(done.Value),
        _ => Pass<TNext>(),
    };

    /// <summary>Passes the rejection on as that of a later stage.</summary>
    /// <exception cref="InvalidOperationException">The work was done.</exception>
    public Outcome<TNext> Pass<TNext>() => this is Rejected rejected
        ? new Outcome<TNext>.Rejected(rejected.Reasons) { Kind = rejected.Kind }
        : throw new InvalidOperationException("Only a rejection can be passed on.");
}

/// <summary>Why input was rejected.</summary>
public enum Rejection
{
    /// <summary>It is bad in itself (HTTP 400).</summary>
    Invalid,

    /// <summary>Its id is taken by other content (HTTP 409).</summary>
    Conflict,

    /// <summary>It was erased (HTTP 410).</summary>
    Erased,

    /// <summary>It names what is not there (HTTP 404).</summary>
    Missing,
}
