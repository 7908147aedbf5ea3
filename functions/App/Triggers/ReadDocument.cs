using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Functions.Triggers;

/// <summary>Container <c>documents</c>: a picture of an application's paper becomes what it says, beside the application.</summary>
internal sealed partial class ReadDocument(DocumentIntake intake, ILogger<ReadDocument> log)
{
    public async Task RunAsync(string name, string etag, CancellationToken cancel)
    {
        switch (await intake.RunAsync(name, etag, cancel))
        {
            case Outcome<DocumentReading>.Done { Value: var reading }:
                Done(reading.Portfolio, reading.ApplicationId, reading.Page?.Lines.Count ?? 0, reading.Reasons.Count, reading.Version);
                break;
            case Outcome<DocumentReading>.Rejected { Reasons: var reasons }:
                Rejected(etag, reasons.Count, reasons[0]);
                break;
        }
    }

    [LoggerMessage(LogLevel.Information, "A paper of {Portfolio}/{ApplicationId}: {Lines} lines, {Reasons} reasons why it could not be read, version {Version}")]
    private partial void Done(string portfolio, string applicationId, int lines, int reasons, string version);

    [LoggerMessage(LogLevel.Warning, "The picture with ETag {ETag} is not read, for {Count} reasons, the first: {Reason}")]
    private partial void Rejected(string etag, int count, string reason);
}
