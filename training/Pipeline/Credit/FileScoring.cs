using System.Buffers;
using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>
/// Scores a file of applications: for each row id, points, probability, verdict and the columns that cost most. A row that cannot be
/// scored keeps its place, with the verdict <c>rejected</c> and its faults for reasons. Whether an application is unlike those trained on is not
/// looked at: that costs many times what the score does, so a decision can refer what is approved here.
/// </summary>
public sealed class FileScoring
{
    private const int BlockRows = 4096;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly CreditScorer _model;
    private readonly DropTable _csv;
    private readonly TextWriter _output;
    private readonly int _id;
    private readonly (int At, ColumnReader Reader)? _rowDate;
    private readonly (ColumnReader Reader, int At, int Place)[] _inputs;
    private readonly int[] _sources;
    private readonly Derivation _derivation;
    private readonly Operand[] _values;
    private readonly PolicyRules _policy;
    private readonly int[] _policyPlaces;
    private readonly int _width;
    private readonly string[] _reasons;
    private readonly bool _plainNames;

    private FileScoring(CreditScorer model, DropTable csv, TextWriter output)
    {
        (_model, _csv, _output) = (model, csv, output);
        _id = model.Contract.Columns.FirstOrDefault(c => c.Role == ColumnRole.Id) is { } id ? csv.IndexOf(id.Name) : -1;
        var used = model.Card.Columns.Index().ToDictionary(c => c.Item.Name, c => c.Index, StringComparer.Ordinal);

        // An input that the model does not use is only looked at for faults, as it is in an application, and may be absent.
        _inputs = [.. ColumnReader.Inputs(model.Contract, csv.Format).Select(r => (Reader: r, At: csv.IndexOf(r.Column.Name), Place: used.GetValueOrDefault(r.Column.Name, -1)))
            .Where(i => i.Place >= 0 || (i.At >= 0 && i.Reader.Column.Expression is null))];
        _rowDate = _inputs.Any(i => i.Reader.NeedsRowDate) && ColumnReader.RowDate(model.Contract, csv.Format) is { } date ? (csv.IndexOf(date.Column.Name), date) : null;
        _derivation = csv.Format is null ? model.Derivation : new Derivation(model.Contract, model.Readers.Select(r => r.Column), csv.Format);
        _sources = [.. _derivation.Sources.Select(s => csv.IndexOf(s.Column.Name))];
        _values = new Operand[_sources.Length];
        _policy = csv.Format is null ? model.Policy : new PolicyRules(model.Contract, csv.Format);
        _policyPlaces = [.. _policy.Readers.Select(r => csv.IndexOf(r.Column.Name))];
        _width = model.Card.Columns.Count;
        _reasons = new string[Math.Min(model.Contract.MaxReasons, _width)];
        _plainNames = !model.Readers.Any(r => r.Column.Name.AsSpan().ContainsAny(Quoted));
    }

    /// <summary>Rows read.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows among them that could not be scored.</summary>
    public int Rejected { get; private set; }

    /// <summary>Scores the file; rejected when it is no CSV or lacks a column of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">A table with a header.</param>
    /// <param name="output">Gets CSV with the columns id, points, probability, verdict and reasons.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<FileScoring>> RunAsync(CreditScorer model, LocalDrop file, TextWriter output, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(file, model.Contract.Format, model.Contract.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var csv }) return opened.Pass<FileScoring>();
        await using (csv)
        {
            var scoring = new FileScoring(model, csv, output);
            if (scoring.Lacking() is { Count: > 0 } lacking)
                return Outcome<FileScoring>.Reject($"The header lacks {string.Join(", ", lacking)}, which the model asks for: add the columns, empty where unknown.{csv.DelimiterAdvice}");
            await output.WriteAsync("id,points,probability,verdict,reasons\n");
            var (reading, writing) = (scoring.NewBlock(), scoring.NewBlock());
            var written = Task.CompletedTask;
            for (var more = true; more;)
            {
                while (reading.Rows < BlockRows && (more = await csv.ReadAsync(cancel))) scoring.Read(reading);
                await written; // one block is scored and written while the next is read
                (reading, writing) = (writing, reading);
                var block = writing;
                written = Task.Run(() => scoring.Write(block), cancel);
                reading.Rows = 0;
                progress.Report(new("scoring", csv.Fraction));
            }

            await written;
            await output.FlushAsync(cancel);
            return scoring;
        }
    }

    private Block NewBlock() => new(_width, _policyPlaces.Length);

    private List<string> Lacking() =>
    [
        .. _inputs.Where(i => i.At < 0 && i.Reader.Column.Expression is null).Select(i => i.Reader).Concat(_derivation.Sources.Where((_, i) => _sources[i] < 0))
            .Concat(_rowDate is (< 0, var date) ? [date] : Array.Empty<ColumnReader>()).Concat(_policy.Readers.Where((_, i) => _policyPlaces[i] < 0))
            .Select(r => $"'{r.Column.Name}'").Distinct(StringComparer.Ordinal),
    ];

    private void Read(Block block)
    {
        Rows++;
        var row = block.Rows++;
        var bins = block.Bins.AsSpan(row * _width, _width);
        (block.Unseen[row], block.Faults[row]) = (false, null);
        block.Ids[row] = _id >= 0 && _csv.Complete ? _csv[_id].Trim().ToString() : Rows.ToString(CultureInfo.InvariantCulture);
        bins.Clear();
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

        foreach (var (reader, at, place) in _inputs)
        {
            var cell = reader.Column.Expression is null ? reader.Read(_csv[at], date ?? 0) : _derivation.Compute(reader.Column.Name, _values);
            if (cell.Kind == CellKind.Fault) block.Fault(row, cell.Fault!);
            else if (date is null && reader.NeedsRowDate && cell.Kind == CellKind.Number) block.Fault(row, $"'{reader.Column.Name}' counts the days to the row's date, which is not given: give both.");
            else if (place >= 0)
            {
                bins[place] = _model.Card.Columns[place].BinOf(cell);
                block.Unseen[row] |= bins[place] == _model.Card.Columns[place].UnknownBin;
            }
        }

        ReadPolicy(block, row);
    }

    private void ReadPolicy(Block block, int row)
    {
        var values = block.PolicyValues(row);
        for (var i = 0; i < values.Length; i++)
        {
            var cell = _policy.Readers[i].Read(_csv[_policyPlaces[i]]);
            if (cell.Kind == CellKind.Fault && block.Faults[row]?.Contains(cell.Fault!, StringComparison.Ordinal) != true) block.Fault(row, cell.Fault!);
            values[i] = PolicyValue.Of(cell);
        }
    }

    private double? RowDate(Block block, int row)
    {
        if (_rowDate is not var (at, reader)) return 0;
        var cell = reader.Read(_csv[at]);
        if (cell.Kind == CellKind.Fault) block.Fault(row, cell.Fault!);
        return cell.Kind is CellKind.Number or CellKind.Fault ? cell.Number : null;
    }

    private void Write(Block block)
    {
        if (block.Rows == 0) return;
        _model.ScoreRows(block.Bins.AsMemory(0, block.Rows * _width), block.Points.AsMemory(0, block.Rows), block.Probabilities.AsMemory(0, block.Rows));
        for (var row = 0; row < block.Rows; row++)
        {
            WriteText(block.Ids[row]);
            if (block.Faults[row] is { } fault)
            {
                Rejected++;
                _output.Write(",,,rejected,");
                WriteText(fault);
            }
            else
            {
                WriteNumber(block.Points[row], "F2");
                WriteNumber(block.Probabilities[row], "F6");
                _output.Write(DecisionRules.Verdict(_policy, block.Probabilities[row], block.Unseen[row], outOfDistribution: false, block.PolicyValues(row)) switch
                {
                    DecisionVerdict.Approve => ",approve,",
                    DecisionVerdict.Decline => ",decline,",
                    _ => ",refer,",
                });
                WriteReasons(_model.ReasonsOf(block.Bins.AsSpan(row * _width, _width), _reasons));
            }

            _output.Write('\n');
        }
    }

    private void WriteNumber(double number, string format)
    {
        Span<char> text = stackalloc char[32];
        number.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        _output.Write(',');
        _output.Write(text[..length]);
    }

    private void WriteReasons(int count)
    {
        if (_plainNames)
        {
            for (var i = 0; i < count; i++)
            {
                if (i > 0) _output.Write("; ");
                _output.Write(_reasons[i]);
            }
        }
        else WriteText(string.Join("; ", _reasons, 0, count));
    }

    private void WriteText(string text) => _output.Write(text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);

    /// <summary>Rows between reading and writing.</summary>
    private sealed class Block(int width, int policyWidth)
    {
        private readonly PolicyValue[] _policyValues = new PolicyValue[BlockRows * policyWidth];
        public readonly long[] Bins = new long[BlockRows * width];
        public readonly double[] Points = new double[BlockRows];
        public readonly double[] Probabilities = new double[BlockRows];
        public readonly string[] Ids = new string[BlockRows];
        public readonly bool[] Unseen = new bool[BlockRows];
        public readonly string?[] Faults = new string?[BlockRows];
        public int Rows;

        public Span<PolicyValue> PolicyValues(int row) => _policyValues.AsSpan(row * policyWidth, policyWidth);

        public void Fault(int row, string fault) => Faults[row] = Faults[row] is { } before ? $"{before} {fault}" : fault;
    }
}
