using Serverless.Serving.Credit;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>What is seen of an export while it is read: its columns, a sample of its rows, and rows that are there twice.</summary>
internal sealed class LoanProfile
{
    // Enough rows that a 99th percentile rests on 500 of them; fewer where there are many columns, so that memory stays bounded.
    private const int SampleRows = 50_000, SampleFields = 4_000_000, LeastSample = 2_000;

    private readonly CreditContract _contract;
    private readonly ReadingContext _context;
    private readonly List<ColumnTally> _columns = [];
    private readonly SeenHashes<uint> _contents = new();
    private readonly Reservoir _reservoir;
    private readonly int _capacity;
    private double[] _days = [];
    private int _duplicates;

    public LoanProfile(CreditContract contract, ReadingContext context, int columns)
    {
        (_contract, _context) = (contract, context);
        _capacity = Math.Clamp(SampleFields / Math.Max(1, columns), LeastSample, SampleRows);
        _reservoir = new Reservoir(_capacity, contract.Training.Seed);
    }

    /// <summary>Begins to watch a column.</summary>
    public ColumnTally Watch(ColumnReader reader)
    {
        var tally = new ColumnTally(reader, reader.Column.Role == ColumnRole.Target ? _contract.Bad : [], _context.Champion?.Of(reader.Column.Name));
        _columns.Add(tally);
        return tally;
    }

    /// <summary>Ends a row whose fields were all counted.</summary>
    /// <param name="day">Its day since 1970-01-01; NaN when it has none.</param>
    public void EndRow(double day)
    {
        ulong content = 0;
        foreach (var column in _columns)
        {
            if (column.Column.Role is not (ColumnRole.Id or ColumnRole.Ignored) && column.Column.Expression is null) content = content.Then(column.Hash);
        }

        if (!_contents.Add(content)) _duplicates++;
        var place = _reservoir.Take();
        if (place < 0) return;
        foreach (var column in _columns) column.Sample(place, _capacity);
        if (place >= _days.Length) Array.Resize(ref _days, Math.Min(_capacity, Math.Max(1024, 2 * _days.Length)));
        _days[place] = day;
    }

    /// <summary>What was seen, without what only the reader knows.</summary>
    /// <param name="lastFrom">First day of the last part of the drop; null when it has no parts.</param>
    /// <param name="until">Last day that belongs to it.</param>
    /// <param name="ids">How many different ids there are.</param>
    public (IReadOnlyList<ColumnQuality> Columns, int Duplicates) End(int? lastFrom, int until, long ids)
    {
        var days = _days.AsSpan(0, _reservoir.Count).ToArray();
        bool?[]? later = lastFrom is { } from ? Array.ConvertAll(days, d => double.IsNaN(d) || Math.Floor(d) > until ? null : (bool?)(d >= from)) : null;
        var order = _contract.Columns.Index().ToDictionary(c => c.Item.Name, c => c.Index);
        return ([.. _columns.OrderBy(c => order[c.Column.Name]).Select(c => c.Column.Role == ColumnRole.Id
            ? c.Quality(days.Length, later) with { Distinct = ids, DistinctExact = true }
            : c.Quality(days.Length, later))], _duplicates);
    }
}
