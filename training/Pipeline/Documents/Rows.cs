using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>A drop of pictures that was read and found good.</summary>
/// <param name="Contract">The contract it was read under.</param>
/// <param name="Labels">The labels, in ordinal order: class i is the i-th.</param>
/// <param name="InScope">Pictures with a label, in the order of the drop.</param>
/// <param name="OutOfScope">Pictures with the contract's out-of-scope label.</param>
/// <param name="RowsInError">Rows that were left out.</param>
public sealed record DocumentRows(DocumentContract Contract, IReadOnlyList<string> Labels, IReadOnlyList<DocumentRow> InScope, IReadOnlyList<DocumentRow> OutOfScope, int RowsInError)
    : TrainingRows(InScope.Count + OutOfScope.Count, RowsInError)
{
    /// <summary>What reports call a row of a number, such as <c>row 17</c> or <c>picture 17</c>.</summary>
    public Func<int, string> Place { get; init; } = row => string.Create(CultureInfo.InvariantCulture, $"row {row}");

    /// <summary>Reads a drop to train on, or only to look at it; rejected with every fault that was found.</summary>
    /// <param name="contract">What it must keep to.</param>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="context">Says whether pictures are kept.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<TrainingRows>> ReadAsync(DocumentContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var read = await new PictureReader(contract, context.KeepRows, progress).ReadAsync(drop, cancel);
        return read.Then(labelled => Judge(contract, labelled, context.KeepRows));
    }

    private static Outcome<TrainingRows> Judge(DocumentContract contract, LabelledPictures labelled, bool kept)
    {
        const int MostLabels = 1000, Named = 20;
        var groups = labelled.Rows.Where(r => r.Label != contract.OutOfScopeLabel).GroupBy(r => r.Label).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var lonely = groups.Where(g => g.DistinctBy(r => r.Key).Count() == 1).Select(g => g.First().Row).Order().ToList();
        List<string> reasons =
        [
            .. groups.Count < 2 ? ["The drop has fewer than two labels: drop pictures of at least two."] : Array.Empty<string>(),
            .. groups.Count > MostLabels ? [string.Create(CultureInfo.InvariantCulture, $"The drop has {groups.Count} labels, more than {MostLabels}: name the column that holds labels in the contract.")] : Array.Empty<string>(),
            .. lonely.Count > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{lonely.Count} labels have only one picture: give each at least two different ones, or remove it.")] : Array.Empty<string>(),
            .. lonely.Take(Named).Select(row => $"{labelled.Place(row)}: the only picture of its label"),
        ];
        if (reasons.Count > 0) return Outcome<TrainingRows>.Reject(reasons);
        if (!kept) return new CountedRows(labelled.Rows.Count, labelled.Faults.Rows);

        var labels = groups.ConvertAll(g => g.Key);
        var classes = labels.Index().ToDictionary(i => i.Item, i => i.Index);
        var rows = labelled.Rows.ConvertAll(r => new DocumentRow(r.Key, r.Picture!, r.Label == contract.OutOfScopeLabel ? -1 : classes[r.Label]) { Row = r.Row });
        return new DocumentRows(contract, labels, rows.FindAll(r => r.Class >= 0), rows.FindAll(r => r.Class < 0), labelled.Faults.Rows) { Place = labelled.Place };
    }
}

/// <summary>A picture that is learned from or judged by.</summary>
/// <param name="Key">Its key for <see cref="RowKeys"/>.</param>
/// <param name="Picture">The picture, reduced.</param>
/// <param name="Class">Place of its label in <see cref="DocumentRows.Labels"/>; -1 out of scope.</param>
public readonly record struct DocumentRow(ulong Key, SmallPicture Picture, int Class)
{
    /// <summary>Its number in the drop, from 1, see <see cref="DocumentRows.Place"/>.</summary>
    public int Row { get; init; }
}
