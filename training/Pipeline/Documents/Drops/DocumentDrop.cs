using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>
/// The files of a drop, in one of its forms: a pair of IDX files; or pictures, in ZIPs or as parts by themselves, with one table of labels among them.
/// </summary>
internal sealed class DocumentDrop : IAsyncDisposable
{
    /// <summary>Endings of the family's drops.</summary>
    public static DropForms Forms { get; } = new(
        [".zip"],
        [".zip", ".csv", ".csv.gz", ".parquet", ".png", ".jpg", ".jpeg", ".webp", "idx3-ubyte", "idx1-ubyte", "idx3-ubyte.gz", "idx1-ubyte.gz", ".idx", ".idx.gz"],
        "a ZIP of pictures and their labels whose name ends in .zip");

    private const string WhatItIs = "drop a ZIP with pictures and one CSV of labels, the same as parts, or the two IDX files of pictures and labels";

    private readonly List<IAsyncDisposable> _open = [];

    private DocumentDrop()
    {
    }

    /// <summary>Pictures of an IDX pair; null for another form.</summary>
    public IdxFile? Pictures { get; private set; }

    /// <summary>Labels of an IDX pair; null for another form.</summary>
    public IdxFile? Labels { get; private set; }

    /// <summary>The table of labels; null for an IDX pair.</summary>
    public LocalDrop? Table { get; private set; }

    /// <summary>The pictures' files; empty for an IDX pair.</summary>
    public IReadOnlyList<PictureEntry> Files { get; private set; } = [];

    /// <summary>Looks at the files of a drop; rejected when they are none of the forms.</summary>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="limits">Of a drop.</param>
    /// <param name="pictures">Of a picture.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<DocumentDrop>> OpenAsync(LocalDrop drop, DropLimits limits, PictureLimits pictures, CancellationToken cancel)
    {
        if (drop.Bytes > limits.MaxBytes)
            return Outcome<DocumentDrop>.Reject(string.Create(CultureInfo.InvariantCulture, $"The drop has {drop.Bytes:N0} bytes, and the contract's limits.maxBytes allows {limits.MaxBytes:N0}: drop fewer pictures, or raise it."));
        var open = new DocumentDrop();
        try
        {
            var faults = await open.LookAsync(drop, limits, pictures, cancel);
            if (faults.Count == 0) return open;
            await open.DisposeAsync();
            return Outcome<DocumentDrop>.Reject(faults);
        }
        catch (InvalidDataException error)
        {
            await open.DisposeAsync();
            return Outcome<DocumentDrop>.Reject(error.Message);
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_open)) await each.DisposeAsync();
    }

    private async Task<IReadOnlyList<string>> LookAsync(LocalDrop drop, DropLimits limits, PictureLimits pictures, CancellationToken cancel)
    {
        var kinds = new List<(DropPart Part, PartKind Kind)>();
        foreach (var part in drop.Parts) kinds.Add((part, await PartKinds.OfAsync(part, cancel)));
        if (kinds.Exists(k => k.Kind == PartKind.Idx)) return await PairAsync(kinds, limits, cancel);

        var (files, tables, faults) = (new List<PictureEntry>(), new List<(string Place, Func<Task<DropPart>> Open)>(), new List<string>());
        foreach (var (part, kind) in kinds)
        {
            if (kind == PartKind.Table) tables.Add(($"'{part.Name}'", () => Task.FromResult(part)));
            else if (kind == PartKind.Picture) files.Add(new(part));
            else if (PictureArchive.Open(part, limits, pictures) is var opened && opened is Outcome<PictureArchive>.Done { Value: var archive }) await AddAsync(archive, files, tables, faults, cancel);
            else faults.AddRange(((Outcome<PictureArchive>.Rejected)opened).Reasons);
        }

        if (faults.Count > 0) return faults;
        if (tables is [var alone] && files.Count == 0) return [$"{alone.Place} is alone, and no picture came with it: {WhatItIs}."];
        if (tables.Count != 1) return [tables.Count == 0 ? $"There is no table of labels: {WhatItIs}." : $"There are {tables.Count} tables, {string.Join(", ", tables.Take(3).Select(t => t.Place))}, and one of labels is wanted: leave out the others."];
        var table = await tables[0].Open();
        Table = LocalDrop.Of(table);
        if (!drop.Parts.Contains(table)) _open.Add(table);
        foreach (var twin in files.GroupBy(f => f.Path, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)) faults.Add($"{string.Join(" and ", twin.Select(f => f.Place))} have the same name: name each differently.");
        Files = files;
        return faults;
    }

    private async Task AddAsync(PictureArchive archive, List<PictureEntry> files, List<(string Place, Func<Task<DropPart>> Open)> tables, List<string> faults, CancellationToken cancel)
    {
        _open.Add(new Closing(archive));
        foreach (var entry in archive.Entries)
        {
            if (entry.IsTable) tables.Add((entry.Place, () => entry.TableAsync(DropName.MaxBytes, cancel)));
            else if (Path.GetExtension(entry.Path).Equals(".zip", StringComparison.OrdinalIgnoreCase) || await entry.IsZipAsync(cancel)) faults.Add($"{entry.Place} is a ZIP itself: pack its pictures into this one.");
            else files.Add(entry);
        }
    }

    private async Task<IReadOnlyList<string>> PairAsync(List<(DropPart Part, PartKind Kind)> kinds, DropLimits limits, CancellationToken cancel)
    {
        if (kinds.Count != 2 || kinds.Exists(k => k.Kind != PartKind.Idx))
            return [string.Create(CultureInfo.InvariantCulture, $"An IDX file comes as one of two, pictures and labels, with nothing else, and this drop has {kinds.Count} files: drop the two as parts with a manifest, as 'serverless drops upload' does.")];
        var (files, faults) = (new List<IdxFile>(), new List<string>());
        foreach (var (part, _) in kinds)
        {
            var opened = await IdxFile.OpenAsync(part, limits.MaxExpansion, cancel);
            if (opened is Outcome<IdxFile>.Rejected rejected) faults.AddRange(rejected.Reasons);
            if (opened is not Outcome<IdxFile>.Done { Value: var file }) continue;
            _open.Add(file);
            files.Add(file);
        }

        if (faults.Count > 0) return faults;
        (Pictures, Labels) = (files.Find(f => f.Sizes.Count == IdxFile.OfPictures), files.Find(f => f.Sizes.Count == IdxFile.OfLabels));
        if (Pictures is null || Labels is null) return [$"Both IDX files hold {(Pictures is null ? "labels" : "pictures")}: drop one of each."];
        return Pictures.Sizes[0] == Labels.Sizes[0]
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"{Pictures.Name} says that it has {Pictures.Sizes[0]} pictures and {Labels.Name} that it has {Labels.Sizes[0]} labels: drop the two that belong together.")];
    }

    private sealed class Closing(IDisposable what) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            what.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
