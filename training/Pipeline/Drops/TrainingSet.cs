using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>What a run trains on: the files on the local disk, and the dataset that they are.</summary>
/// <param name="Files">A drop alone, or the union that it is part of.</param>
/// <param name="Dataset">The same as a list; its drops are the sources of the files' parts, in the same order.</param>
/// <param name="Before">The dataset that the union adds to, as it was read; null for none.</param>
internal sealed record TrainingSet(LocalDrop Files, Dataset Dataset, CurrentDataset? Before) : IAsyncDisposable
{
    /// <summary>Identity of the data.</summary>
    public string Sha256 { get; } = Dataset.Sha256();

    /// <summary>When the outcomes of each drop were looked up, by <see cref="DropPart.Source"/>.</summary>
    public IReadOnlyList<DateOnly?> ObservedOn => [.. Dataset.Drops.Select(d => d.ObservedOn)];

    /// <summary>Takes what was read of the files, unless a part has not the rows that its manifest lists.</summary>
    public Outcome<TrainingRows> Accept(Outcome<TrainingRows> read)
    {
        var listed = Dataset.Drops.SelectMany(d => d.Parts).Zip(Files.Parts, (list, file) => (list, file));
        var faults = listed.Where(p => p.list.Rows is { } rows && p.file.Rows is { } found && found != rows)
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"Part '{p.list.Name}' has {p.file.Rows} rows and the manifest says {p.list.Rows}: drop the part that was meant, or count again."))
            .ToList();
        return faults.Count > 0 ? Outcome<TrainingRows>.Reject(read is Outcome<TrainingRows>.Rejected also ? [.. faults, .. also.Reasons] : faults) : read;
    }

    /// <summary>The dataset with the rows of each part, as they were counted.</summary>
    public Dataset Counted()
    {
        using var files = Files.Parts.GetEnumerator();
        return Dataset with { Drops = [.. Dataset.Drops.Select(d => d with { Parts = [.. d.Parts.Select(p => files.MoveNext() ? p with { Rows = files.Current.Rows ?? p.Rows } : p)] })] };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Files.DisposeAsync();
}
