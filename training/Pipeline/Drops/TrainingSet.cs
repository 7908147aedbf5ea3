using System.Globalization;
using Serverless.Serving;
using Serverless.Training.Quality;

namespace Serverless.Training.Drops;

/// <summary>What a run trains on: the files on the local disk, and the dataset that they are.</summary>
/// <param name="Files">A drop alone, or the union that it is part of.</param>
/// <param name="Dataset">The same as a list; its drops are the sources of the files' parts, in the same order.</param>
/// <param name="Place">Place of the new drop among its drops.</param>
/// <param name="Before">The dataset that the union adds to, as it was read; null for none.</param>
internal sealed record TrainingSet(LocalDrop Files, Dataset Dataset, int Place, CurrentDataset? Before) : IAsyncDisposable
{
    /// <summary>When the drop of all rows came that the union began with; null where none did.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Identity of the data.</summary>
    public string Sha256 { get; } = Dataset.Sha256();

    /// <summary>
    /// When the outcomes were looked up, as the last manifest that says so says: a row that no later drop changes has not changed until then.
    /// </summary>
    public DateOnly? ObservedOn => Dataset.Drops.Select(d => d.ObservedOn).LastOrDefault(d => d is not null);

    /// <summary>Reads what a run trains on.</summary>
    /// <returns>The rows; and of the new drop alone, what was seen of its quality.</returns>
    /// <remarks>Of a union the new drop is read by itself first: its faults must not be lost among the rows of the others, and its quality is its own.</remarks>
    public async Task<DropReading> ReadAsync(ITrainingFamily family, DataContract contract, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var several = Dataset.Drops.Count > 1;
        var own = several ? LocalDrop.Of([.. Files.Parts.Where(p => p.Source == Place)]) : Files; // the parts are disposed with the union
        var seen = several ? context with { ObservedOn = Dataset.Drops[Place].ObservedOn ?? context.ObservedOn, Addition = true, KeepRows = false } : context;
        var alone = await family.ReadAsync(contract, own, seen, progress, cancel);
        var accepted = Accept(alone.Rows);
        if (!several || accepted is Outcome<TrainingRows>.Rejected) return Said(accepted, alone.Quality);

        // Which rows can be used shows only when they are read: where one that cannot took the place of an earlier one, that one has it again.
        for (var refused = new HashSet<int>(); ; refused.UnionWith(Files.Rows.Refused))
        {
            Files.Rows = null;
            var rows = await UnionRows.ReadAsync(Files, contract, Place, context.Latest, refused, cancel);
            if (rows is not Outcome<UnionRows>.Done { Value: var union }) return Said(Together(rows.Pass<TrainingRows>()), alone.Quality);
            Files.Rows = union;
            var together = await family.ReadAsync(contract, Files, context, progress, cancel);
            if (union.Refused.Count == 0) return Said(Together(together.Rows), alone.Quality);
        }
    }

    private static DropReading Said(Outcome<TrainingRows> rows, DropQuality? quality) =>
        new(rows, rows is Outcome<TrainingRows>.Rejected rejected && quality is not null ? quality with { Reasons = rejected.Reasons } : quality);

    private Outcome<TrainingRows> Together(Outcome<TrainingRows> read) => read is Outcome<TrainingRows>.Rejected rejected
        ? Outcome<TrainingRows>.Reject([string.Create(CultureInfo.InvariantCulture, $"The drop is good by itself, and cannot be trained on together with the {Dataset.Drops.Count - 1} accepted before it: activate a contract that fits them all, or drop all rows with a manifest of mode 'full'."), .. rejected.Reasons])
        : read;

    /// <summary>Takes what was read of the new drop, unless a part has not the rows that its manifest lists.</summary>
    private Outcome<TrainingRows> Accept(Outcome<TrainingRows> read)
    {
        var listed = Dataset.Drops[Place].Parts.Zip(Files.Parts.Where(p => p.Source == Place), (list, file) => (list, file));
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
