using System.Buffers;
using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>
/// Scores a file of applications: for each row id, points, probability, verdict and the columns that cost most. A row that cannot be
/// scored keeps its place, with the verdict <c>rejected</c> and its faults for reasons. The verdict is that which the same application gets from the queue.
/// </summary>
public sealed class FileScoring
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly CreditScorer _model;
    private readonly ApplicationRows _rows;
    private readonly DropTable _csv;
    private readonly PolicyRules _policy;
    private readonly int[] _policyPlaces;
    private readonly TextWriter _output;
    private readonly string[] _reasons;
    private readonly bool _plainNames;
    private readonly bool _encoded;

    private FileScoring(CreditScorer model, DropTable csv, TextWriter output)
    {
        // Whether a row is unlike those trained on costs many times what its score does: only where it is told and can change a verdict.
        var encoding = model.Contract.Policy.ReferOutOfDistribution ? model.Encoding : null;
        (_model, _csv, _rows, _output, _encoded) = (model, csv, new(model, csv, encoding), output, encoding is not null);
        _policy = csv.Format is null ? model.Policy : new PolicyRules(model.Contract, csv.Format);
        _policyPlaces = [.. _policy.Readers.Select(r => csv.IndexOf(r.Column.Name))];
        _reasons = new string[Math.Min(model.Contract.MaxReasons, model.Card.Columns.Count)];
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
                while (reading.Applications.Rows < ApplicationBlock.MostRows && (more = await csv.ReadAsync(cancel))) scoring.Read(reading);
                await written; // one block is scored and written while the next is read
                (reading, writing) = (writing, reading);
                var block = writing;
                written = Task.Run(() => scoring.Write(block), cancel);
                reading.Applications.Rows = 0;
                progress.Report(new("scoring", csv.Fraction));
            }

            await written;
            await output.FlushAsync(cancel);
            return scoring;
        }
    }

    private Block NewBlock() => new(new ApplicationBlock(_model.Card.Columns.Count, _encoded), new PolicyValue[ApplicationBlock.MostRows * _policyPlaces.Length]);

    private List<string> Lacking() =>
        [.. _rows.Lacking().Union(_policy.Readers.Where((_, i) => _policyPlaces[i] < 0).Select(r => $"'{r.Column.Name}'"), StringComparer.Ordinal)];

    private void Read(Block reading)
    {
        var (block, row) = (reading.Applications, reading.Applications.Rows);
        _rows.Read(block);
        if (!_csv.Complete) return;
        var values = PolicyOf(reading, row);
        for (var i = 0; i < values.Length; i++)
        {
            var cell = _policy.Readers[i].Read(_csv[_policyPlaces[i]]);
            if (cell.Kind == CellKind.Fault && block.Faults[row]?.Contains(cell.Fault!, StringComparison.Ordinal) != true) block.Fault(row, cell.Fault!);
            values[i] = PolicyValue.Of(cell);
        }
    }

    private Span<PolicyValue> PolicyOf(Block block, int row) => block.Policy.AsSpan(row * _policyPlaces.Length, _policyPlaces.Length);

    private void Write(Block writing)
    {
        var block = writing.Applications;
        block.Score(_model);
        Rows += block.Rows;
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
                _output.Write(DecisionRules.Verdict(_policy, block.Probabilities[row], block.Unseen[row], block.Outliers[row], PolicyOf(writing, row)) switch
                {
                    DecisionVerdict.Approve => ",approve,",
                    DecisionVerdict.Decline => ",decline,",
                    _ => ",refer,",
                });
                WriteReasons(_model.ReasonsOf(block.Bins.AsSpan(row * block.Width, block.Width), _reasons));
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

    /// <summary>Rows between reading and writing, with what the policy asks of them.</summary>
    private sealed record Block(ApplicationBlock Applications, PolicyValue[] Policy);
}
