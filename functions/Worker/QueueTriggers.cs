using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Triggers;

namespace Serverless.Functions.Worker;

/// <summary>What comes by queue.</summary>
public sealed class QueueTriggers(Invoker invoker)
{
    [Function(nameof(ScoreLoanApplication))]
    public Task ScoreLoanApplicationAsync([QueueTrigger("loan-applications", Connection = "DataStorage")] QueueMessage message, CancellationToken cancel) =>
        invoker.OnQueueAsync(nameof(ScoreLoanApplication), message, cancel);
}
