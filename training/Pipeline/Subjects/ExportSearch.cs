using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Text;
using Serverless.Training.Drops;

namespace Serverless.Training.Subjects;

/// <summary>Finds the rows of exports whose column of ids holds an id, by reading every file of a portfolio once.</summary>
public sealed class ExportSearch(StorageAccount account, IEnumerable<ITrainingFamily> families)
{
    // An export that was too big to train on is still searched; what would harm is refused as ever.
    private static readonly DropLimits Wide = new() { MaxBytes = long.MaxValue, MaxRows = int.MaxValue, MaxColumns = 100_000, MaxFieldLength = 1 << 20, MaxExpansion = 1_000 };

    /// <summary>The portfolios that have contracts, with how their exports are written.</summary>
    /// <param name="portfolio">One, or null for all.</param>
    /// <param name="cancel">Stops it.</param>
    internal async Task<IReadOnlyList<SearchedPortfolio>> PortfoliosAsync(string? portfolio, CancellationToken cancel)
    {
        var (container, readers) = (account.Blobs.GetBlobContainerClient("contracts"), families.ToDictionary(f => f.Serving.Name, f => f.Serving));
        var found = new SortedDictionary<string, SearchedPortfolio>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancel))
        {
            if (blob.Name.Split('/') is not [var family, var name, var file] || file == "active.json" || (portfolio is not null && name != portfolio) || !readers.TryGetValue(family, out var reader)) continue;
            if (!found.TryGetValue($"{family}/{name}", out var known)) found[$"{family}/{name}"] = known = new(family, name, []);

            // Every version: an old export has the columns of its time.
            var content = (await container.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value.Content;
            if (reader.ReadContract(content.ToMemory().Span) is not Outcome<DataContract>.Done { Value: var contract }) continue;
            if (contract.RowId is { } id && !known.Layouts.Contains(new(contract.Format, id))) known.Layouts.Add(new(contract.Format, id));
            known.ModelsKeepTexts |= contract is TextContract { Similar: not null };
        }

        return [.. found.Values];
    }

    /// <summary>Searches the files of a portfolio in one container.</summary>
    /// <param name="container">Name of the container: drops, rejected or datasets.</param>
    /// <param name="portfolio">The portfolio.</param>
    /// <param name="ids">The ids.</param>
    /// <param name="cancel">Stops it.</param>
    internal async IAsyncEnumerable<SearchedExport> SearchAsync(string container, SearchedPortfolio portfolio, IReadOnlySet<string> ids, [EnumeratorCancellation] CancellationToken cancel)
    {
        var prefix = $"{portfolio.Family}/{portfolio.Portfolio}/";
        await foreach (var blob in account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancel))
        {
            if (container == DatasetStore.Container ? !blob.Name.StartsWith($"{prefix}parts/", StringComparison.Ordinal) : !IsExport(blob.Name)) continue;
            if (portfolio.Layouts.Count == 0)
            {
                yield return new($"{container}/{prefix}", blob.Name, [], "no contract of the portfolio names a column of ids");
                yield break;
            }

            if (await DownloadAsync(container, blob.Name, cancel) is not { } part) continue;
            await using var file = LocalDrop.Of(part);
            yield return await SearchAsync($"{container}/{blob.Name}", blob.Name, file, portfolio.Layouts, ids, cancel);
        }
    }

    /// <summary>What is wrong with searching for an id without naming its portfolio; null when there is one portfolio only.</summary>
    internal async Task<string?> AmbiguityAsync(string? portfolio, CancellationToken cancel)
    {
        if (portfolio is not null) return null;
        var applications = account.Blobs.GetBlobContainerClient(ApplicationStore.Container).GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }, cancel);
        var names = await applications.Where(f => f.IsPrefix).Select(f => f.Prefix.TrimEnd('/')).ToListAsync(cancel);
        var all = names.Concat((await PortfoliosAsync(null, cancel)).Select(p => p.Portfolio)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return all.Count < 2 ? null : $"An id is unique within one portfolio only, and may be another person's in another: name one with --portfolio ({string.Join(", ", all)}).";
    }

    /// <summary>Files of exports that belong to no portfolio with a contract, such as drops that were rejected for the lack of one: nobody knows how they name ids.</summary>
    internal async IAsyncEnumerable<string> UnclaimedAsync(string? portfolio, [EnumeratorCancellation] CancellationToken cancel)
    {
        var known = await PortfoliosAsync(null, cancel);
        foreach (var container in SubjectAccess.Exports)
        {
            await foreach (var blob in account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: cancel))
            {
                if (container == DatasetStore.Container ? !blob.Name.Contains("/parts/", StringComparison.Ordinal) : !IsExport(blob.Name)) continue;
                if (known.Any(k => blob.Name.StartsWith($"{k.Family}/{k.Portfolio}/", StringComparison.Ordinal))) continue;
                if (portfolio is null || blob.Name.Split('/') is not [_, var name, _, ..] || name == portfolio || !Names.Portfolio.Allows(name)) yield return $"{container}/{blob.Name}";
            }
        }
    }

    private static bool IsExport(string name) => !DropName.IsManifestName(name) && !name.EndsWith(".report.json", StringComparison.Ordinal) && !name.EndsWith(".report.html", StringComparison.Ordinal);

    private static async Task<SearchedExport> SearchAsync(string export, string blob, LocalDrop file, IEnumerable<ExportLayout> layouts, IReadOnlySet<string> ids, CancellationToken cancel)
    {
        // Every layout: a file may have the id columns of two contracts, and one of an earlier contract's encoding breaks under a later one's.
        var found = new SortedDictionary<int, FoundRow>();
        var (whole, why, broke, ragged) = (default(ExportLayout), default(string), default(string), 0);
        foreach (var layout in layouts)
        {
            var opened = await DropTable.OpenAsync(file, layout.Format, Wide, cancel);
            if (opened is not Outcome<DropTable>.Done { Value: var table })
            {
                why ??= string.Join(' ', ((Outcome<DropTable>.Rejected)opened).Reasons);
                continue;
            }

            await using (table)
            {
                var column = table.IndexOf(layout.IdColumn);
                if (column < 0)
                {
                    why = $"it has no column '{layout.IdColumn}'";
                    continue;
                }

                var (own, incomplete) = (new List<FoundRow>(), 0);
                try
                {
                    while (await table.ReadAsync(cancel))
                    {
                        if (!table.Complete) incomplete++;
                        else if (ids.Contains(table[column].Trim().ToString())) own.Add(new(export, table.Row, Fields(table)));
                    }

                    foreach (var row in own) found.TryAdd(row.Row, row);
                    if (whole is null || own.Count > 0) whole = layout;
                    ragged = Math.Max(ragged, incomplete);
                }
                catch (InvalidDataException error)
                {
                    broke ??= error.Message;
                }
            }
        }

        if (whole is null) return new(export, blob, [], broke ?? why);
        var unsearched = ragged == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{ragged} of its rows have another number of fields than the header and may hold it too");
        return new(export, blob, [.. found.Values], unsearched) { Layout = whole };
    }

    private static Dictionary<string, string> Fields(DropTable table)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < table.Header.Count; i++) fields[table.Header[i]] = table[i].ToString();
        return fields;
    }

    private async Task<DropPart?> DownloadAsync(string container, string name, CancellationToken cancel)
    {
        try
        {
            await using var content = (await account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancel)).Value.Content;
            return await DropPart.CopyAsync(name[(name.LastIndexOf('/') + 1)..], content, cancel);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null; // gone since it was listed
        }
    }
}

/// <summary>A portfolio whose exports are searched.</summary>
/// <param name="Family">Family.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="Layouts">How its exports are or were written; none when they name no ids.</param>
internal sealed record SearchedPortfolio(string Family, string Portfolio, List<ExportLayout> Layouts)
{
    /// <summary>Whether a contract of it, in any version, lets models keep training questions.</summary>
    public bool ModelsKeepTexts { get; set; }
}

/// <summary>How an export is written.</summary>
/// <param name="Format">Of its file.</param>
/// <param name="IdColumn">The column that identifies a row.</param>
internal sealed record ExportLayout(DropFormat Format, string IdColumn);

/// <summary>A file that was searched.</summary>
/// <param name="Export">Container and name, for people.</param>
/// <param name="Blob">Its name in the container.</param>
/// <param name="Rows">Rows with the id.</param>
/// <param name="Fault">Why it could not be searched, or not to its end; null when it was.</param>
internal sealed record SearchedExport(string Export, string Blob, IReadOnlyList<FoundRow> Rows, string? Fault)
{
    /// <summary>How it is written; null when that is not known.</summary>
    public ExportLayout? Layout { get; init; }
}

/// <summary>A row of an export that holds the id.</summary>
/// <param name="Export">The file, with its container.</param>
/// <param name="Row">Number of the row: 1 is the first below the header.</param>
/// <param name="Fields">What it says, by column.</param>
public sealed record FoundRow(string Export, int Row, IReadOnlyDictionary<string, string> Fields);
