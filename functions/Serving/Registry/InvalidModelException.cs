namespace Serverless.Serving;

/// <summary>A model bundle that must not go live: changed, incomplete, not allowed, or answering wrongly.</summary>
public sealed class InvalidModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public InvalidModelException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
