using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The drops: container <c>drops</c> with what came in, container <c>rejected</c> with what was refused, each with a report.</summary>
public sealed class DropStore(StorageAccount account)
{
    internal StorageAccount Account => account;
}
