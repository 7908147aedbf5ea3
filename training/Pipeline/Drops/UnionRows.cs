using System.Collections;
using System.Globalization;
using Serverless.Serving;
using Serverless.Training.Quality;

namespace Serverless.Training.Drops;

/// <summary>Which rows of a union of drops count: a later drop's row takes the place of every earlier one with the same id, or without ids of the same content.</summary>
/// <param name="Left">By number of the row, from 0: whether a later drop's row took its place.</param>
/// <param name="Replaced">How many there are.</param>
/// <param name="Late">Rows of the new drop that are dated before a row of an earlier drop.</param>
internal sealed record UnionRows(BitArray Left, int Replaced, int Late)
{
    private readonly HashSet<int> _heirs = [], _refused = [];

    /// <summary>Rows, by number from 0, that took the place of earlier ones and then could not be used.</summary>
    public IReadOnlyCollection<int> Refused => _refused;

    /// <summary>Notes that a row cannot be used.</summary>
    public void Refuse(int row)
    {
        if (_heirs.Contains(row)) _refused.Add(row);
    }

    /// <summary>Reads the union once; rejected when it is no table.</summary>
    /// <param name="union">The drops, oldest first.</param>
    /// <param name="contract">Names the columns.</param>
    /// <param name="added">Place of the new drop among them.</param>
    /// <param name="latest">What is dated behind it is an error, which makes no other row late.</param>
    /// <param name="refused">Rows, by number from 0, that cannot be used and so take no other's place.</param>
    /// <param name="cancel">Stops it.</param>
    /// <remarks>Some 40 bytes a row; rows of one drop never replace each other, so that an id that it repeats stays a fault.</remarks>
    public static async Task<Outcome<UnionRows>> ReadAsync(LocalDrop union, DataContract contract, int added, DateTimeOffset latest, IReadOnlySet<int> refused, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(union, contract.Format, contract.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return opened.Pass<UnionRows>();
        await using var open = table;
        var (id, date) = (Place(table, contract.RowId), Place(table, contract.RowDate));
        var (last, before, sources, left) = (new Dictionary<ulong, int>(), new List<int>(), new List<int>(), new List<bool>());
        var heirs = new HashSet<int>();
        var (late, newest, newestBefore, source) = (0, DateTime.MinValue, DateTime.MinValue, 0);
        try
        {
            while (await table.ReadAsync(cancel))
            {
                if (table.Source != source) (source, newestBefore) = (table.Source, newest);
                var row = sources.Count;
                sources.Add(source);
                before.Add(-1);
                left.Add(false);
                if (!table.Complete || refused.Contains(row)) continue;
                if (date >= 0 && Date(table, date) is { } day && day <= latest.UtcDateTime)
                {
                    if (day > newest) newest = day;
                    if (source == added && day < newestBefore) late++;
                }

                var key = id >= 0 ? RowHash.Of(table[id].Trim()) : Content(table);
                if (last.TryGetValue(key, out var earlier)) before[row] = earlier;
                last[key] = row;

                // Back through the rows of this key, up to one whose place was taken before, or one of this drop, which took the places before it.
                for (var at = before[row]; at >= 0 && !left[at] && sources[at] < source; at = before[at])
                {
                    left[at] = true;
                    heirs.Add(row);
                }
            }
        }
        catch (InvalidDataException error)
        {
            return Outcome<UnionRows>.Reject(error.Message);
        }

        var read = new UnionRows(new BitArray([.. left]), left.Count(l => l), late);
        read._heirs.UnionWith(heirs);
        return read;
    }

    private static int Place(DropTable table, string? column) => column is null ? -1 : table.IndexOf(column);

    private static ulong Content(DropTable table)
    {
        var hash = 0UL;
        for (var i = 0; i < table.Header.Count; i++) hash = hash.Then(RowHash.Of(table[i]));
        return hash;
    }

    private static DateTime? Date(DropTable table, int column)
    {
        var text = table[column].Trim();
        if (table.Format?.TryDate(text, out var written) == true) return written;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;
    }
}
