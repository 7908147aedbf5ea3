using Azure;

namespace Serverless.Serving.Poison;

/// <summary>Why something failed, in words that quote no content.</summary>
public static class FailureReason
{
    /// <summary>Of an exception: the messages of others than ours may quote what failed.</summary>
    public static string Of(Exception error) => error switch
    {
        InvalidModelException or InvalidDataException => $"{error.GetType().Name}: {error.Message}",
        RequestFailedException refused => $"{nameof(RequestFailedException)}: {refused.Status} {refused.ErrorCode}".TrimEnd(),
        AggregateException { InnerExceptions: [.., var last] } => Of(last), // the SDK gave up after its retries
        _ => error.GetType().Name,
    };
}
