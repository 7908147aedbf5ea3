using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>From a drop to what is trained on, and from what was trained on to what is kept.</summary>
public sealed class TrainingSets(DropStore drops, DatasetStore datasets, IEnumerable<ITrainingFamily> families)
{
    private readonly IReadOnlyDictionary<string, DropForms> _forms = DropForms.Of(families);

    /// <summary>Reads the dataset that increments of a portfolio add to; null where there is none, or the contract asks for all rows each time.</summary>
    /// <exception cref="InvalidDataException">It is not complete.</exception>
    internal async Task<CurrentDataset?> CurrentAsync(DropName name, DataContract contract, CancellationToken cancel) =>
        contract.Drops == DropMode.Increment ? await datasets.CurrentAsync(name.Family, name.Portfolio, cancel) : null;

    /// <summary>Brings a drop, and in the mode of increments the accepted ones before it, onto the local disk.</summary>
    /// <returns>Rejected when the drop's manifest or parts are bad; null when the drop is gone or was overwritten since it was found.</returns>
    /// <exception cref="InvalidDataException">The current dataset is not complete.</exception>
    internal async Task<Outcome<TrainingSet>?> LoadAsync(DropBlob drop, DropName name, DataContract contract, CurrentDataset? before, CancellationToken cancel)
    {
        var manifest = default(DropManifest);
        if (name.IsManifest)
        {
            if (await drops.ReadManifestAsync(drop, cancel) is not { } json) return null;
            var read = DropManifest.Read(json.ToMemory(), contract, _forms[name.Family]);
            if (read is not Outcome<DropManifest>.Done { Value: var good }) return read.Pass<TrainingSet>();
            manifest = good;
        }

        // In the mode of increments, a manifest that says full begins a new dataset, to which those drops still add that came after it.
        var arrived = new DatasetDrop(drop.Name, drop.ETag.ToString().Trim('"'), drop.LastModified, contract.Version, []) { ObservedOn = manifest?.ObservedOn };
        var begins = manifest?.Mode == DropMode.Full;
        var earlier = before?.Dataset ?? new Dataset { Mode = contract.Drops, Drops = [] };
        if (begins && !earlier.Drops.Any(d => d.IsOf(arrived))) earlier = earlier with { Drops = [.. earlier.Drops.Where(arrived.CameBefore)] };
        return (await UniteAsync(drop, name, manifest, arrived, earlier, before, cancel))?.Then<TrainingSet>(set => set with { BegunAt = begins ? drop.LastModified : before?.BegunAt });
    }

    /// <summary>Keeps what a run was trained on, so that its model leads to it and later increments add to it.</summary>
    /// <remarks>
    /// The order: content, then the list of it, then the pointer. A crash before the pointer leaves content or a list that no increment adds
    /// to; the drop still waits, and its next delivery makes the same union and finds them there. A crash after it leaves the drop in
    /// the current dataset: its next delivery finds itself in it, and trains on the same data. The portfolio's lease is held; the pointer
    /// is compared too, since a lease can be lost.
    /// </remarks>
    internal async Task KeepAsync(DropName name, TrainingSet set, CancellationToken cancel)
    {
        var (family, portfolio) = (name.Family, name.Portfolio);
        if (set.Dataset.Mode == DropMode.Increment)
        {
            var kept = set.Before?.Dataset.DistinctParts().Select(p => p.Sha256).ToHashSet(StringComparer.Ordinal) ?? [];
            foreach (var part in set.Files.Parts.Where(p => kept.Add(p.Sha256))) await datasets.KeepAsync(family, portfolio, part.Sha256, part.Content, cancel);
        }

        await datasets.WriteAsync(family, portfolio, set.Counted(), cancel);
        if (set.Dataset.Mode == DropMode.Increment) await datasets.PointAsync(family, portfolio, new(set.Sha256, set.BegunAt), set.Before, cancel);
    }

    private async Task<Outcome<TrainingSet>?> UniteAsync(
        DropBlob drop, DropName name, DropManifest? manifest, DatasetDrop arrived, Dataset earlier, CurrentDataset? before, CancellationToken cancel)
    {
        var files = new List<DropPart>();
        try
        {
            var place = earlier.Drops.Count(d => d.CameBefore(arrived));
            if (!earlier.Drops.Any(d => d.IsOf(arrived)))
            {
                var fetched = await FetchAsync(drop, manifest, place, cancel);
                if (fetched is not Outcome<IReadOnlyList<DropPart>>.Done { Value: var parts }) return fetched?.Pass<TrainingSet>();
                files.AddRange(parts);
                arrived = arrived with { Parts = [.. parts.Select((p, i) => new DatasetPart(p.Name, p.Sha256, p.Bytes) { Rows = manifest?.Parts[i].Rows })] };
            }

            var dataset = earlier.With(arrived);
            var added = dataset.Drops.Count > earlier.Drops.Count;
            if (!added)
            {
                foreach (var part in files) await part.DisposeAsync();
                files.Clear();
            }

            for (var source = 0; source < dataset.Drops.Count; source++)
            {
                if (added && source == place) continue;
                foreach (var part in dataset.Drops[source].Parts) files.Add(await datasets.DownloadAsync(name.Family, name.Portfolio, part, source, cancel));
            }

            return new TrainingSet(LocalDrop.Of([.. files.OrderBy(p => p.Source)]), dataset, dataset.PlaceOf(arrived), before);
        }
        catch
        {
            foreach (var part in files) await part.DisposeAsync();
            throw;
        }
    }

    private async Task<Outcome<IReadOnlyList<DropPart>>?> FetchAsync(DropBlob drop, DropManifest? manifest, int source, CancellationToken cancel)
    {
        if (manifest is not null) return await drops.DownloadPartsAsync(drop.Name, manifest.Parts, source, cancel);
        return await drops.DownloadAsync(drop, source, cancel) is { } part ? (Outcome<IReadOnlyList<DropPart>>)new List<DropPart> { part } : null;
    }
}
