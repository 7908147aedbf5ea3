using System.Globalization;
using Serverless.Serving.Credit;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>What is seen of a column row by row, in bounded memory: exact counters, and the fields of the rows that a sample takes.</summary>
internal sealed class ColumnTally
{
    // Values beyond so many, which the contract does not list and the champion does not know, count as one.
    private const int MostValues = 1000;
    private const int MostFrequent = 20;

    private readonly ColumnReader _reader;
    private readonly ReferenceColumn? _champion;
    private readonly DistinctCount _distinct = new();
    private readonly Dictionary<ulong, int> _places = [];
    private readonly List<string?> _names = [null];
    private readonly List<int> _values = [0];
    private readonly int[] _special;
    private readonly int _known;
    private int _rows, _missing, _malformed, _refused, _numbers;
    private double _least = double.PositiveInfinity, _most = double.NegativeInfinity, _sum;
    private int[] _codes = [];
    private double[] _sampled = [];
    private int _code;
    private double _number;

    /// <summary>Begins to watch a column.</summary>
    /// <param name="reader">Reads its fields.</param>
    /// <param name="bad">Values of the target that mean a bad loan; empty for other columns.</param>
    /// <param name="champion">What the champion knows of it.</param>
    public ColumnTally(ColumnReader reader, IReadOnlyList<string> bad, ReferenceColumn? champion)
    {
        (_reader, _champion, _special) = (reader, champion, new int[reader.Column.Special.Count]);
        foreach (var value in (Column.Allowed ?? []).Concat(bad).Concat(champion?.Values?.Keys ?? []).Distinct())
        {
            if (Column.Type == ColumnType.Category && _places.TryAdd(RowHash.Of(value), _names.Count)) Name(value);
        }

        _known = _places.Count;
    }

    /// <summary>The contract's column.</summary>
    public Column Column => _reader.Column;

    /// <summary>Whether only its missing and different values are counted: what it holds tells who somebody is, or must not be told.</summary>
    public bool Discreet => Column.Role is ColumnRole.Id or ColumnRole.Protected;

    /// <summary>Hash of the present row's field; numbers count by value.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Counts the present row's field.</summary>
    /// <param name="cell">What it was read as.</param>
    /// <param name="text">Its text.</param>
    public void Add(in Cell cell, ReadOnlySpan<char> text)
    {
        _rows++;
        _number = 0;
        switch (cell.Kind)
        {
            case CellKind.Missing:
                _missing++;
                (_code, Hash) = (ReferenceColumn.Missing, RowHash.Of(ReferenceColumn.Missing));
                return;
            case CellKind.Special:
                _special[cell.Special]++;
                (_code, Hash) = (InputColumn.Special(cell.Special), RowHash.Of(InputColumn.Special(cell.Special)));
                break;
            case CellKind.Number:
                (_code, _number, Hash) = (0, cell.Number, RowHash.Of(cell.Number));
                _numbers++;
                _sum += _number;
                if (_number < _least) _least = _number;
                if (_number > _most) _most = _number;
                break;
            case CellKind.Category:
                Hash = RowHash.Of(cell.Category);
                _code = Discreet ? 0 : PlaceOf(Hash);
                _values[_code]++;
                break;
            default:
                if (_reader.IsMalformed(cell)) _malformed++;
                else _refused++;
                (_code, Hash) = (ReferenceColumn.None, RowHash.Of(text.Trim()));
                break;
        }

        _distinct.Add(Hash);
    }

    /// <summary>Takes the present row's field into the sample.</summary>
    public void Sample(int place, int capacity)
    {
        if (Discreet) return;
        if (place >= _codes.Length)
        {
            var length = Math.Min(capacity, Math.Max(1024, 2 * _codes.Length));
            Array.Resize(ref _codes, length);
            if (Column.Type != ColumnType.Category) Array.Resize(ref _sampled, length);
        }

        _codes[place] = _code;
        if (Column.Type != ColumnType.Category) _sampled[place] = _number;
    }

    /// <summary>What was seen.</summary>
    /// <param name="sampled">Rows in the sample.</param>
    /// <param name="later">Which of them are the last part of the drop, and which the part before: true and false; null for neither. Null when the drop has no parts.</param>
    public ColumnQuality Quality(int sampled, bool?[]? later)
    {
        var numeric = Column.Type != ColumnType.Category;
        var quality = new ColumnQuality
        {
            Name = Column.Name,
            Type = Lower(Column.Type),
            Role = Lower(Column.Role),
            Rows = _rows,
            Missing = _missing,
            Distinct = Math.Min(_distinct.Count(), _rows - _missing),
            DistinctExact = _distinct.Exact,
        };
        if (Discreet) return quality;
        var codes = _codes.AsSpan(0, sampled);
        var numbers = _sampled.AsSpan(0, numeric ? sampled : 0);
        // A date of the calendar moves by itself; as an input a date counts to the row's date.
        var moves = Column.Role != ColumnRole.Date && (Column.Type != ColumnType.Date || _reader.NeedsRowDate);
        return quality with
        {
            Malformed = _malformed,
            OutOfRange = numeric ? _refused : 0,
            NotAllowed = numeric ? 0 : _refused,
            Special = new SortedDictionary<string, int>(_special.Index().Where(s => s.Item > 0).ToDictionary(s => Column.Special[s.Index], s => s.Item), StringComparer.Ordinal),
            Numbers = numeric && moves && !Personal(quality.Distinct) ? NumberFigures.Of(codes, numbers, _numbers, _least, _most, _sum) : null,
            Values = new SortedDictionary<string, int>(_names.Index().Where(n => n.Item is not null && _values[n.Index] > 0).ToDictionary(n => n.Item!, n => _values[n.Index]), StringComparer.Ordinal),
            OtherValues = numeric ? 0 : _names.Index().Where(n => n.Item is null).Sum(n => _values[n.Index]),
            Frequencies = [.. _values.Skip(1).Where(v => v > 0).OrderDescending().Take(MostFrequent)],
            AgainstChampion = moves ? AgainstChampion(codes, numbers) : null,
            WithinDrop = moves && later is not null ? WithinDrop(codes, numbers, later) : null,
        };
    }

    private Movement? AgainstChampion(ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers) =>
        _champion?.Compare([.. Column.Special], codes, numbers, Column.Type == ColumnType.Category ? place => _names[place] : null);

    private Movement? WithinDrop(ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers, bool?[] later)
    {
        var (before, after) = (codes.ToArray(), codes.ToArray());
        for (var row = 0; row < later.Length; row++)
        {
            if (later[row] != false) before[row] = ReferenceColumn.None;
            if (later[row] != true) after[row] = ReferenceColumn.None;
        }

        Func<int, string?>? nameOf = Column.Type == ColumnType.Category ? place => place == 0 ? null : place.ToString(CultureInfo.InvariantCulture) : null;
        return ReferenceColumn.Of(Column.Name, [.. Column.Special], before, numbers, nameOf).Compare([.. Column.Special], after, numbers, nameOf);
    }

    // An ignored column whose numbers are nearly all different may be an account or a telephone number.
    private bool Personal(long distinct) => Column.Role == ColumnRole.Ignored && distinct > 0.5 * _numbers;

    private int PlaceOf(ulong hash)
    {
        if (_places.TryGetValue(hash, out var place)) return place;
        if (_places.Count >= _known + MostValues) return 0;
        _places[hash] = _names.Count;
        return Name(null);
    }

    private int Name(string? value)
    {
        _names.Add(value);
        _values.Add(0);
        return _names.Count - 1;
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
