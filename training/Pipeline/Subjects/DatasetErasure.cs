using System.Globalization;
using Serverless.Training.Drops;

namespace Serverless.Training.Subjects;

/// <summary>Takes the rows of an id out of the accepted data, so that no later training sees them.</summary>
public sealed class DatasetErasure(DatasetStore datasets, ExportSearch exports, PortfolioLease lease)
{
    /// <summary>Puts parts without the rows in the place of those that hold them.</summary>
    /// <param name="portfolio">The portfolio.</param>
    /// <param name="ids">Ids of the rows.</param>
    /// <param name="left">Gets what remains for a person to do.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>How many rows went.</returns>
    /// <remarks>
    /// The order: the new parts, the list of them, the pointer, then the old parts go. A crash before the pointer leaves new parts that nothing
    /// uses; one after it leaves old parts that nothing uses, which the same call again finds and deletes. The portfolio's lease is held,
    /// so no run adds to the data meanwhile.
    /// </remarks>
    internal async Task<int> RunAsync(SearchedPortfolio portfolio, IReadOnlySet<string> ids, List<string> left, CancellationToken cancel)
    {
        // Without the lease only where no run is under way that could be adding rows of this id right now.
        if (!await lease.IsHeldAsync(portfolio.Family, portfolio.Portfolio, cancel) && !await exports.SearchAsync(DatasetStore.Container, portfolio, ids, cancel).AnyAsync(e => e.Rows.Count > 0 || e.Fault is not null, cancel)) return 0;
        return await lease.HoldAsync(portfolio.Family, portfolio.Portfolio, "subject erase", held => UnderLeaseAsync(portfolio, ids, left, held), cancel);
    }

    private async Task<int> UnderLeaseAsync(SearchedPortfolio portfolio, IReadOnlySet<string> ids, List<string> left, CancellationToken cancel)
    {
        var (family, name) = (portfolio.Family, portfolio.Portfolio);
        var current = await datasets.CurrentAsync(family, name, cancel);
        var used = current?.Dataset.DistinctParts().ToDictionary(p => p.Sha256, StringComparer.Ordinal) ?? [];
        var (replaced, old, rows) = (new Dictionary<string, DatasetPart?>(StringComparer.Ordinal), new List<string>(), 0);
        await foreach (var export in exports.SearchAsync(DatasetStore.Container, portfolio, ids, cancel))
        {
            var sha256 = export.Blob[(export.Blob.LastIndexOf('/') + 1)..];
            if (export.Fault is not null) left.Add($"{export.Export} could not be searched, {export.Fault}: drop all rows with a manifest of mode 'full', then delete it.");
            if (export.Rows.Count == 0) continue;
            if (used.TryGetValue(sha256, out var part))
            {
                if (await ReplaceAsync(portfolio, part, export, left, cancel) is not var (with, lost)) continue;
                replaced[sha256] = with;
                rows += lost;
            }

            old.Add(sha256);
        }

        if (replaced.Count > 0 && current is not null)
        {
            var without = Without(current.Dataset, replaced);
            await datasets.WriteAsync(family, name, without, cancel);
            await datasets.PointAsync(family, name, current.Pointer with { Sha256 = without.Sha256() }, current, cancel);
        }

        foreach (var sha256 in old) await datasets.DeletePartAsync(family, name, sha256, cancel);
        return rows;
    }

    private async Task<(DatasetPart? With, int Lost)?> ReplaceAsync(SearchedPortfolio portfolio, DatasetPart part, SearchedExport export, List<string> left, CancellationToken cancel)
    {
        await using var file = await datasets.DownloadAsync(portfolio.Family, portfolio.Portfolio, part, 0, cancel);
        var rows = export.Rows.Select(r => r.Row).ToHashSet();
        if (export.Layout is null || await RowRemoval.WithoutAsync(file, export.Layout.Format, rows, cancel) is not { } rewritten)
        {
            left.Add(string.Create(CultureInfo.InvariantCulture, $"{export.Export} ('{part.Name}') holds it in row {string.Join(", ", rows.Order())} and is no CSV, so it cannot be written anew: drop all rows without it with a manifest of mode 'full', then repeat this."));
            return null;
        }

        await using (rewritten.Part)
        {
            if (rewritten.Rows == 0) return (null, rows.Count);
            await datasets.KeepAsync(portfolio.Family, portfolio.Portfolio, rewritten.Part.Sha256, rewritten.Part.Content, cancel);
            return (new DatasetPart(part.Name, rewritten.Part.Sha256, rewritten.Part.Bytes) { Rows = rewritten.Rows, ErasedFrom = part.Sha256 }, rows.Count);
        }
    }

    /// <summary>The dataset with other parts; a part or a drop of which no row is left is listed no more.</summary>
    private static Dataset Without(Dataset dataset, Dictionary<string, DatasetPart?> replaced) => dataset with
    {
        Drops = [.. dataset.Drops
            .Select(d => d with { Parts = [.. d.Parts.Select(p => replaced.TryGetValue(p.Sha256, out var with) ? with is null ? null : with with { Name = p.Name } : p).OfType<DatasetPart>()] })
            .Where(d => d.Parts.Count > 0)],
    };
}
