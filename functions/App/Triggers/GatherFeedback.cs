using Serverless.Training.Text;

namespace Serverless.Functions.Triggers;

/// <summary>Every hour: what people said of texts becomes a drop, where enough was said or waits for long.</summary>
internal sealed class GatherFeedback(FeedbackGathering gathering)
{
    public Task RunAsync(CancellationToken cancel) => gathering.RunAsync(cancel);
}
