using System.Buffers;
using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>
/// Scores a file of applications: for each row id, points, probability, verdict and the columns that cost most. A row that cannot be
/// scored keeps its place, with the verdict <c>rejected</c> and its faults for reasons.
/// </summary>
public sealed class FileScoring
{
    private const int BlockRows = 4096;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly CreditScorer _model;
    private readonly CsvDrop _csv;
    private readonly TextWriter _output;
    private readonly int _id;
    private readonly (int At, ColumnReader Reader)? _rowDate;
    private readonly int[] _places;
    private readonly int _width;
    private readonly long[] _bins;
    private readonly double[] _points = new double[BlockRows];
    private readonly double[] _probabilities = new double[BlockRows];
    private readonly string[] _ids = new string[BlockRows];
    private readonly bool[] _unseen = new bool[BlockRows];
    private readonly string?[] _faults = new string?[BlockRows];
    private int _block;

    private FileScoring(CreditScorer model, CsvDrop csv, TextWriter output)
    {
        (_model, _csv, _output) = (model, csv, output);
        _id = model.Contract.Columns.FirstOrDefault(c => c.Role == ColumnRole.Id) is { } id ? csv.IndexOf(id.Name) : -1;
        _rowDate = model.Readers.Any(r => r.NeedsRowDate) && ColumnReader.RowDate(model.Contract) is { } date ? (csv.IndexOf(date.Column.Name), date) : null;
        _places = [.. model.Readers.Select(r => csv.IndexOf(r.Column.Name))];
        _width = _places.Length;
        _bins = new long[BlockRows * _width];
    }

    /// <summary>Rows read.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows among them that could not be scored.</summary>
    public int Rejected { get; private set; }

    /// <summary>Scores the file; rejected when it is no CSV or lacks a column of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="content">CSV with a header.</param>
    /// <param name="output">Gets CSV with the columns id, points, probability, verdict and reasons.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<FileScoring>> RunAsync(CreditScorer model, Stream content, TextWriter output, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var opened = await CsvDrop.OpenAsync(content, cancel);
        if (opened is not Outcome<CsvDrop>.Done { Value: var csv }) return opened.Pass<FileScoring>();
        await using (csv)
        {
            var scoring = new FileScoring(model, csv, output);
            if (scoring.Lacking() is { Count: > 0 } lacking)
                return Outcome<FileScoring>.Reject($"The header lacks {string.Join(", ", lacking)}, which the model asks for: add the columns, empty where unknown.");
            await output.WriteAsync("id,points,probability,verdict,reasons\n");
            while (await csv.ReadAsync(cancel))
            {
                scoring.ReadRow();
                if (scoring._block < BlockRows) continue;
                scoring.WriteBlock();
                progress.Report(new("scoring", content.CanSeek ? (double)content.Position / content.Length : null));
            }

            if (scoring._block > 0) scoring.WriteBlock();
            await output.FlushAsync(cancel);
            return scoring;
        }
    }

    private List<string> Lacking() =>
    [
        .. _model.Readers.Where((_, i) => _places[i] < 0).Select(r => $"'{r.Column.Name}'"),
        .. _rowDate is (< 0, var date) ? [$"'{date.Column.Name}'"] : Array.Empty<string>(),
    ];

    private void ReadRow()
    {
        Rows++;
        var row = _block++;
        (_unseen[row], _faults[row]) = (false, null);
        if (!_csv.Complete)
        {
            (_ids[row], _faults[row]) = (Rows.ToString(CultureInfo.InvariantCulture), "The row has another number of fields than the header.");
            _bins.AsSpan(row * _width, _width).Clear();
            return;
        }

        _ids[row] = _id >= 0 ? _csv[_id].Trim().ToString() : Rows.ToString(CultureInfo.InvariantCulture);
        var date = RowDate(row);
        for (var column = 0; column < _width; column++)
        {
            var cell = _model.Readers[column].Read(_csv[_places[column]], date ?? 0);
            if (date is null && cell.Kind == CellKind.Number && _model.Readers[column].NeedsRowDate) Fault(row, $"'{_model.Readers[column].Column.Name}' counts the days to the row's date, which is not given.");
            if (cell.Kind == CellKind.Fault) Fault(row, cell.Fault!);
            var bin = cell.Kind == CellKind.Fault ? 0 : _model.Card.Columns[column].BinOf(cell);
            _unseen[row] |= cell.Kind == CellKind.Category && bin == _model.Card.Columns[column].Bins.Count - 1;
            _bins[(row * _width) + column] = bin;
        }
    }

    private double? RowDate(int row)
    {
        if (_rowDate is not var (at, reader)) return 0;
        var cell = reader.Read(_csv[at]);
        if (cell.Kind == CellKind.Fault) Fault(row, cell.Fault!);
        return cell.Kind == CellKind.Number ? cell.Number : null;
    }

    private void Fault(int row, string fault) => _faults[row] = _faults[row] is { } before ? $"{before} {fault}" : fault;

    private void WriteBlock()
    {
        _model.ScoreRows(_bins.AsMemory(0, _block * _width), _points.AsMemory(0, _block), _probabilities.AsMemory(0, _block));
        Span<char> number = stackalloc char[32];
        for (var row = 0; row < _block; row++)
        {
            WriteText(_ids[row]);
            _output.Write(',');
            if (_faults[row] is { } fault)
            {
                Rejected++;
                _output.Write(",,rejected,");
                WriteText(fault);
                _output.Write('\n');
                continue;
            }

            _points[row].TryFormat(number, out var length, "F2", CultureInfo.InvariantCulture);
            _output.Write(number[..length]);
            _output.Write(',');
            _probabilities[row].TryFormat(number, out length, "F6", CultureInfo.InvariantCulture);
            _output.Write(number[..length]);
            _output.Write(DecisionRules.Verdict(_model.Contract.Policy, _probabilities[row], _unseen[row]) switch
            {
                DecisionVerdict.Approve => ",approve,",
                DecisionVerdict.Decline => ",decline,",
                _ => ",refer,",
            });
            WriteText(string.Join("; ", _model.Reasons(_bins.AsSpan(row * _width, _width)).Select(r => r.Column)));
            _output.Write('\n');
        }

        _block = 0;
    }

    private void WriteText(string text) => _output.Write(text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
}
