using Serverless.Serving;

namespace Serverless.Training;

/// <summary>The runs that ended: container <c>runs</c>, <c>{family}/{portfolio}/{runId}.json</c>, each written once and last.</summary>
public sealed class RunStore(StorageAccount account)
{
    internal StorageAccount Account => account;
}
