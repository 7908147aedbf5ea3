using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>A picture with its label as written.</summary>
/// <param name="Row">Its number in the drop, from 1: a row of the table of labels, or a picture of an IDX file.</param>
/// <param name="Picture">The picture; null where rows are only looked at.</param>
/// <param name="Key">Its key for <see cref="RowKeys"/>: of what is seen, so that the same picture has it under any name.</param>
/// <param name="Label">The label.</param>
internal readonly record struct LabelledPicture(int Row, SmallPicture? Picture, ulong Key, string Label);

/// <summary>The pictures of a drop that can be used, and the faults of the others.</summary>
/// <param name="Rows">The pictures.</param>
/// <param name="Faults">The faults.</param>
/// <param name="Place">What reports call a row of a number.</param>
internal sealed record LabelledPictures(List<LabelledPicture> Rows, RowFaults Faults, Func<int, string> Place);

/// <summary>Reads the pictures of drops with their labels.</summary>
/// <param name="contract">Names the columns.</param>
/// <param name="keep">Whether pictures are kept; else they are only looked at, in bounded memory.</param>
/// <param name="progress">Told how far it is.</param>
internal sealed class PictureReader(DocumentContract contract, bool keep, IProgress<TrainingProgress> progress)
{
    private const int LongestLabel = 200, Named = 20, Told = 100;

    // What pictures take that are kept to be trained on.
    private const long MostHeld = 2L << 30;

    private readonly List<LabelledPicture> _rows = [];
    private readonly RowFaults _faults = new();
    private long _held;

    /// <summary>Reads; rejected with every fault, or when too many rows are in error.</summary>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Outcome<LabelledPictures>> ReadAsync(LocalDrop drop, CancellationToken cancel)
    {
        var opened = await DocumentDrop.OpenAsync(drop, contract.Limits, contract.Picture.Limits, cancel);
        if (opened is not Outcome<DocumentDrop>.Done { Value: var files }) return opened.Pass<LabelledPictures>();
        await using var open = files;
        try
        {
            return files.Table is null ? await PairAsync(files.Pictures!, files.Labels!, cancel) : await TableAsync(files.Table, files.Files, cancel);
        }
        catch (InvalidDataException unreadable)
        {
            return Outcome<LabelledPictures>.Reject(unreadable.Message);
        }
    }

    private async Task<Outcome<LabelledPictures>> PairAsync(IdxFile pictures, IdxFile labels, CancellationToken cancel)
    {
        var (count, height, width) = (pictures.Sizes[0], pictures.Sizes[1], pictures.Sizes[2]);
        if (pictures.PictureFault(contract.Picture.Limits) is { } fault) return Outcome<LabelledPictures>.Reject(fault);
        if (count > contract.Limits.MaxRows) return Outcome<LabelledPictures>.Reject(DropTable.TooManyRows(contract.Limits));
        var (values, label) = (new byte[height * width], new byte[1]);
        for (var row = 1; row <= count; row++)
        {
            if (row % Told == 0) progress.Report(new("reading", pictures.Fraction));
            await pictures.ReadAsync(values, cancel);
            await labels.ReadAsync(label, cancel);
            Add(row, SmallPicture.Grey(height, width, values), label[0].ToString(CultureInfo.InvariantCulture));
        }

        await pictures.EndAsync(cancel);
        await labels.EndAsync(cancel);
        return new LabelledPictures(_rows, _faults, row => string.Create(CultureInfo.InvariantCulture, $"picture {row}"));
    }

    private async Task<Outcome<LabelledPictures>> TableAsync(LocalDrop labels, IReadOnlyList<PictureEntry> files, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(labels, contract.Format, contract.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return opened.Pass<LabelledPictures>();
        await using var open = table;
        var missing = new[] { (contract.FileColumn, "file"), (contract.LabelColumn, "label") }.Where(n => table.IndexOf(n.Item1) < 0)
            .Select(n => $"The header of the labels has no column '{n.Item1}', which the contract names for the {n.Item2}: add it to the table or mend the contract.").ToList();
        if (missing.Count > 0) return Outcome<LabelledPictures>.Reject([.. missing, .. table.DelimiterAdvice is { Length: > 0 } advice ? [advice.Trim()] : Array.Empty<string>()]);

        _faults.Of(table);
        var (named, without, found) = (new NamedFiles(files), new List<int>(), new HashSet<PictureEntry>());
        var (file, label) = (table.IndexOf(contract.FileColumn), table.IndexOf(contract.LabelColumn));
        var read = 0;
        while (await table.ReadAsync(cancel))
        {
            read++;
            if (read % Told == 0) progress.Report(new("reading pictures", table.Fraction));
            if (FaultOf(table, file, label) is { } fault) _faults.Add(table.Row, fault);
            else if (named.Find(table[file].Trim().ToString()) is not { } entry) without.Add(table.Row);
            else if (!found.Add(entry)) _faults.Add(table.Row, $"'{contract.FileColumn}' names the file of an earlier row");
            else await AddAsync(table.Row, entry, table[label].Trim().ToString(), cancel);
        }

        List<string> reasons = [.. Without(without, table), .. Unlabelled([.. files.Where(f => !found.Contains(f))]), .. _faults.Judge(read, contract.Training)];
        return reasons.Count > 0 ? Outcome<LabelledPictures>.Reject(reasons) : new LabelledPictures(_rows, _faults, table.Place);
    }

    private async Task AddAsync(int row, PictureEntry entry, string label, CancellationToken cancel)
    {
        if (entry.Length > contract.Picture.Limits.MaxBytes)
        {
            _faults.Add(row, "the file has more bytes than picture.limits.maxBytes allows: send it smaller.");
            return;
        }

        var decoded = PictureFile.Decode(await entry.ReadAsync(contract.Picture.Limits.MaxBytes, cancel), contract.Picture.Limits);
        if (decoded is not Outcome<Picture>.Done { Value: var picture })
        {
            foreach (var reason in ((Outcome<Picture>.Rejected)decoded).Reasons) _faults.Add(row, reason);
            return;
        }

        using (picture) Add(row, SmallPicture.Of(picture), label);
    }

    private void Add(int row, SmallPicture picture, string label)
    {
        _held += keep ? picture.Values.Length : 0;
        if (_held > MostHeld)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The first {row} pictures take {MostHeld >> 30} GB, reduced as they are kept to be trained on: drop fewer."));
        _rows.Add(new(row, keep ? picture : null, KeyOf(picture), label));
    }

    private static ulong KeyOf(SmallPicture picture) =>
        RowKeys.Of(string.Create(CultureInfo.InvariantCulture, $"{picture.Height}x{picture.Width}x{picture.Channels} {Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(picture.Values))}"));

    private string? FaultOf(DropTable table, int file, int label)
    {
        if (!table.Complete) return "has not as many fields as the header";
        if (table[file].IsWhiteSpace()) return $"'{contract.FileColumn}' is empty";
        if (table[label].IsWhiteSpace()) return $"'{contract.LabelColumn}' is empty";
        return table[label].Trim().Length > LongestLabel ? string.Create(CultureInfo.InvariantCulture, $"'{contract.LabelColumn}' is longer than {LongestLabel} characters") : null;
    }

    private IEnumerable<string> Without(List<int> rows, DropTable table)
    {
        if (rows.Count > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{rows.Count} labels have no picture ({Listed(rows.ConvertAll(table.Place))}): add the files that '{contract.FileColumn}' names, by their paths, or remove the rows.");
    }

    private static IEnumerable<string> Unlabelled(List<PictureEntry> files)
    {
        if (files.Count > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{files.Count} files have no label ({Listed(files.ConvertAll(f => f.Place))}): add them to the table of labels, or leave them out.");
    }

    private static string Listed(List<string> places) =>
        $"{string.Join(", ", places.Take(Named))}{(places.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {places.Count - Named} more") : "")}";
}
