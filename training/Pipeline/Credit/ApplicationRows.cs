using System.Globalization;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>Reads a file of applications as a model sees them, row by row into blocks that are scored at once; the same faults as for an application.</summary>
internal sealed class ApplicationRows
{
    private readonly CreditScorer _model;
    private readonly DropTable _csv;
    private readonly int _id;
    private readonly (int At, ColumnReader Reader)? _rowDate;
    private readonly (ColumnReader Reader, int At, int Place, int Encoded)[] _inputs;
    private readonly ApplicationEncoding? _encoding;
    private readonly int[] _sources;
    private readonly Derivation _derivation;
    private readonly Operand[] _values;
    private int _rows;

    /// <summary>Finds what a model asks for in the header of a table.</summary>
    /// <param name="model">The model.</param>
    /// <param name="csv">The table.</param>
    /// <param name="encoding">How rows become an autoencoder's values too; null where nobody asks whether they are unlike those trained on.</param>
    public ApplicationRows(CreditScorer model, DropTable csv, ApplicationEncoding? encoding = null)
    {
        (_model, _csv, _encoding) = (model, csv, encoding);
        _id = model.Contract.Columns.FirstOrDefault(c => c.Role == ColumnRole.Id) is { } id ? csv.IndexOf(id.Name) : -1;
        var used = model.Card.Columns.Index().ToDictionary(c => c.Item.Name, c => c.Index, StringComparer.Ordinal);

        var encoded = (encoding?.Columns ?? []).Index().ToDictionary(c => c.Item.Name, c => c.Index, StringComparer.Ordinal);

        // An input that neither the model nor the encoding uses is only looked at for faults, as it is in an application, and may be absent.
        _inputs = [.. ColumnReader.Inputs(model.Contract, csv.Format)
            .Select(r => (Reader: r, At: csv.IndexOf(r.Column.Name), Place: used.GetValueOrDefault(r.Column.Name, -1), Encoded: encoded.GetValueOrDefault(r.Column.Name, -1)))
            .Where(i => i.Place >= 0 || i.Encoded >= 0 || (i.At >= 0 && i.Reader.Column.Expression is null))];
        _rowDate = _inputs.Any(i => i.Reader.NeedsRowDate) && ColumnReader.RowDate(model.Contract, csv.Format) is { } date ? (csv.IndexOf(date.Column.Name), date) : null;
        _derivation = csv.Format is null ? model.Derivation : new Derivation(model.Contract, model.Readers.Select(r => r.Column), csv.Format);
        _sources = [.. _derivation.Sources.Select(s => csv.IndexOf(s.Column.Name))];
        _values = new Operand[_sources.Length];
    }

    /// <summary>What the header lacks of what the model asks for, in quotes.</summary>
    public IReadOnlyList<string> Lacking() =>
    [
        .. _inputs.Where(i => i.At < 0 && i.Reader.Column.Expression is null).Select(i => i.Reader).Concat(_derivation.Sources.Where((_, i) => _sources[i] < 0))
            .Select(r => $"'{r.Column.Name}'").Distinct(),
        .. _rowDate is (< 0, var date) ? [$"'{date.Column.Name}'"] : Array.Empty<string>(),
    ];

    /// <summary>Adds the table's present row to a block; a fault of it stands there.</summary>
    public void Read(ApplicationBlock block)
    {
        _rows++;
        var row = block.Rows++;
        var bins = block.Bins.AsSpan(row * block.Width, block.Width);
        (block.Unseen[row], block.Faults[row]) = (false, null);
        block.Ids[row] = _id >= 0 && _csv.Complete ? _csv[_id].Trim().ToString() : _rows.ToString(CultureInfo.InvariantCulture);
        var values = _encoding is null ? default : block.Values.AsMemory(row * ApplicationEncoding.Width, ApplicationEncoding.Width);
        bins.Clear();
        values.Span.Clear();
        if (!_csv.Complete)
        {
            block.Fault(row, "The row has another number of fields than the header.");
            return;
        }

        var date = RowDate(block, row);
        for (var i = 0; i < _sources.Length; i++)
        {
            var cell = _derivation.Sources[i].Read(_csv[_sources[i]]);
            if (cell.Kind == CellKind.Fault && _derivation.Sources[i].Column.Role != ColumnRole.Input) block.Fault(row, cell.Fault!);
            _values[i] = Operand.Of(cell);
        }

        foreach (var (reader, at, place, encoded) in _inputs)
        {
            var cell = reader.Column.Expression is null ? reader.Read(_csv[at], date ?? 0) : _derivation.Compute(reader.Column.Name, _values);
            if (cell.Kind == CellKind.Fault) block.Fault(row, cell.Fault!);
            else if (date is null && reader.NeedsRowDate && cell.Kind == CellKind.Number) block.Fault(row, $"'{reader.Column.Name}' counts the days to the row's date, which is not given: give both.");
            else
            {
                if (encoded >= 0) _encoding!.Encode(encoded, cell, values);
                if (place < 0) continue;
                bins[place] = _model.Card.Columns[place].CodeOf(cell);
                block.Unseen[row] |= cell.Kind == CellKind.Category && bins[place] == _model.Card.Columns[place].UnknownBin;
            }
        }
    }

    private double? RowDate(ApplicationBlock block, int row)
    {
        if (_rowDate is not var (at, reader)) return 0;
        var cell = reader.Read(_csv[at]);
        if (cell.Kind == CellKind.Fault) block.Fault(row, cell.Fault!);
        return cell.Kind is CellKind.Number or CellKind.Fault ? cell.Number : null;
    }
}

/// <summary>Rows between reading and what is done with them.</summary>
/// <param name="width">Columns of the model.</param>
/// <param name="encoded">Whether rows become an autoencoder's values too.</param>
internal sealed class ApplicationBlock(int width, bool encoded = false)
{
    /// <summary>Most rows; fast to score and small to keep.</summary>
    public const int MostRows = 4096;

    public readonly long[] Bins = new long[MostRows * width];
    public readonly float[] Values = encoded ? new float[MostRows * ApplicationEncoding.Width] : [];
    public readonly double[] Points = new double[MostRows];
    public readonly double[] Probabilities = new double[MostRows];
    public readonly string[] Ids = new string[MostRows];
    public readonly bool[] Unseen = new bool[MostRows];
    public readonly bool[] Outliers = new bool[MostRows];
    public readonly string?[] Faults = new string?[MostRows];
    public int Rows;

    public int Width => width;

    /// <summary>Notes what is wrong with a row.</summary>
    public void Fault(int row, string fault) => Faults[row] = Faults[row] is { } before ? $"{before} {fault}" : fault;

    /// <summary>Scores all rows, those with a fault too, whose figures mean nothing.</summary>
    public void Score(CreditScorer model)
    {
        if (Rows == 0) return;
        model.ScoreRows(Bins.AsMemory(0, Rows * width), Points.AsMemory(0, Rows), Probabilities.AsMemory(0, Rows));
        if (encoded) model.FindOutliers(Values.AsMemory(0, Rows * ApplicationEncoding.Width), Outliers.AsSpan(0, Rows));
    }
}
