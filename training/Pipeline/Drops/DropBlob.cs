using Azure;

namespace Serverless.Training.Drops;

/// <summary>A drop as it was found.</summary>
/// <param name="Name">Name of the blob.</param>
/// <param name="ETag">Of its content.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LastModified">When the content came, to the second.</param>
internal sealed record DropBlob(string Name, ETag ETag, long Bytes, DateTimeOffset LastModified)
{
    /// <summary>The trace that it came with, in its metadata; null when it came with none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The order in which drops of a portfolio are worked off: as they came, ties by name.</summary>
    public bool CameBefore(DropBlob other) =>
        LastModified != other.LastModified ? LastModified < other.LastModified : string.CompareOrdinal(Name, other.Name) < 0;
}
