using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Credit;

/// <summary>A loaded credit model of any kind.</summary>
public sealed class CreditScorer : IServedModel
{
    private static readonly string[] Inputs = ["bins"];
    private static readonly string[] Outputs = ["points", "probability"];

    private readonly OnnxModel? _graph; // null where the model asks a graph of its own
    private readonly RunOptions _run = new();
    private readonly Explainer _explainer;
    private readonly Autoencoder? _autoencoder;
    private readonly ColumnReader? _rowDate;
    private readonly HashSet<string> _known;
    private readonly HashSet<string> _computed;
    private readonly (ColumnReader Reader, int Place)[] _inputs;

    private CreditScorer(ModelBundle bundle, CreditContract contract, CreditModel model, OnnxModel? graph, Autoencoder? autoencoder)
    {
        (Bundle, Contract, Model, _graph, _autoencoder) = (bundle, contract, model, graph, autoencoder);
        var card = model.Table;
        _explainer = new Explainer(contract, model);
        Policy = new PolicyRules(contract);
        _rowDate = ColumnReader.RowDate(contract);
        _known = contract.Columns.Where(c => c.Expression is null).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        _computed = contract.Columns.Where(c => c.Expression is not null).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var places = card.Columns.Index().ToDictionary(c => c.Item.Name, c => c.Index, StringComparer.Ordinal);
        _inputs = [.. ColumnReader.Inputs(contract).Select(r => (r, places.GetValueOrDefault(r.Column.Name, -1)))];
        Readers = [.. _inputs.Where(i => i.Place >= 0).OrderBy(i => i.Place).Select(i => i.Reader)];
        Derivation = new Derivation(contract, Readers.Select(r => r.Column));
    }

    /// <inheritdoc/>
    public ModelBundle Bundle { get; }

    /// <summary>The contract that the model was trained under.</summary>
    public CreditContract Contract { get; }

    /// <summary>What the graph computes, in a form that explains it.</summary>
    public CreditModel Model { get; }

    /// <summary>The bins and points of every column.</summary>
    public Scorecard Card => Model.Table;

    /// <summary>A reader for each column of <see cref="Card"/>, in its order; for <see cref="ScoreRows"/>.</summary>
    public IReadOnlyList<ColumnReader> Readers { get; }

    /// <summary>Computes the columns of <see cref="Card"/> that have an expression; their <see cref="Readers"/> read nothing.</summary>
    public Derivation Derivation { get; }

    /// <summary>The contract's decision policy.</summary>
    public PolicyRules Policy { get; }

    /// <summary>How an application becomes the values of <see cref="FindOutliers"/>; null where the model cannot tell what is unlike those trained on.</summary>
    public ApplicationEncoding? Encoding => _autoencoder?.File.Encoding;

    /// <summary>Loads a bundle.</summary>
    /// <exception cref="InvalidModelException">A file is missing or has another form, or the files do not fit each other.</exception>
    internal static CreditScorer Load(ModelBundle bundle)
    {
        var contract = new CreditFamily().ReadContract(bundle.Read("contract.json").Span) switch
        {
            Outcome<DataContract>.Done { Value: CreditContract valid } => valid,
            Outcome<DataContract>.Rejected rejected => throw new InvalidModelException($"'contract.json' is not valid: {string.Join(' ', rejected.Reasons)}"),
            _ => throw new InvalidModelException("'contract.json' is no contract of this family."),
        };
        var card = bundle.Read<Scorecard>("features.json");
        card.CheckAgainst(contract);
        if (card.Kind == ModelKind.Imported) return LoadImported(bundle, contract, card);
        var graph = OnnxModel.Load(bundle.Read("model.onnx"));
        try
        {
            CreditModel model = card.Kind == ModelKind.BoostedTrees ? new TreesModel(card, TreeEnsemble.Parse(bundle.Read("model.onnx"), card.Columns)) : new AdditiveModel(card);
            if (Fits(graph.Session, card)) return new CreditScorer(bundle, contract, model, graph, Autoencoder.Load(bundle, contract));
        }
        catch
        {
            graph.Dispose();
            throw;
        }

        graph.Dispose();
        throw new InvalidModelException($"'model.onnx' must have the input 'bins', int64 [n, {card.Columns.Count}], and the outputs 'points' and 'probability', double [n]: train it again.");
    }

    private static CreditScorer LoadImported(ModelBundle bundle, CreditContract contract, Scorecard card)
    {
        var model = ImportedModel.Load(bundle, contract, card);
        try
        {
            return new CreditScorer(bundle, contract, model, null, Autoencoder.Load(bundle, contract));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static bool Fits(InferenceSession graph, Scorecard card) =>
        graph.InputMetadata.Keys.SequenceEqual(Inputs)
        && graph.InputMetadata[Inputs[0]] is { ElementDataType: TensorElementType.Int64, Dimensions: [-1, var columns] } && columns == card.Columns.Count
        && Outputs.All(name => graph.OutputMetadata.TryGetValue(name, out var output) && output is { ElementDataType: TensorElementType.Double, Dimensions: [-1] });

    /// <summary>Scores one application with its reasons; rejected with every field that is wrong.</summary>
    /// <param name="fields">Values by column: texts, numbers, true or false, or null, which is missing like an absent one. Columns that
    /// are no input are not looked at, except the date, where an input counts the days to it, and those that another is computed from or the policy reads.</param>
    public Outcome<CreditScore> Score(IReadOnlyDictionary<string, JsonElement> fields) => Read(fields).Then<CreditScore>(read => Score(read));

    /// <summary>Scores one application that was read, with its reasons.</summary>
    public CreditScore Score(BinnedApplication read) => Unexplained(read) with { Reasons = _explainer.Reasons(read.Bins) };

    /// <summary>The same without reasons, which cost many times as much where the model does not add up.</summary>
    internal CreditScore Unexplained(BinnedApplication read)
    {
        var points = new double[1];
        var probability = new double[1];
        ScoreRows(read.Bins, points, probability);
        if (double.IsNaN(points[0])) throw new InvalidModelException("The imported graph gives no number for these values: correct them, or register a graph that takes them.");
        return new CreditScore((decimal)Math.Round(points[0] * 100) / 100, probability[0], [], read.Unseen)
        {
            OutOfDistribution = read.Values is null ? null : _autoencoder?.IsOutlier(read.Values),
        };
    }

    /// <summary>Reads one application; rejected with every field that is wrong.</summary>
    /// <param name="fields">As for <see cref="Score(IReadOnlyDictionary{string, JsonElement})"/>.</param>
    public Outcome<BinnedApplication> Read(IReadOnlyDictionary<string, JsonElement> fields)
    {
        List<string> faults =
        [
            .. fields.Keys.Where(name => !_known.Contains(name)).Order(StringComparer.Ordinal)
                .Select(name => _computed.Contains(name)
                    ? $"'{name}' is computed from other columns: leave it out."
                    : $"'{name}' is no column of contract {Contract.Version}: remove it, or correct its name."),
        ];
        List<string> unseen = [];
        var bins = new long[Card.Columns.Count];
        var (values, encoded) = (_autoencoder is null ? null : new float[ApplicationEncoding.Width], -1);
        var rowDate = _inputs.Any(i => i.Reader.NeedsRowDate) ? RowDate(fields, faults) : 0;
        var sources = Sources(fields, faults);
        foreach (var (reader, place) in _inputs)
        {
            if (reader.Column.Expression is null) encoded++;
            else if (place < 0) continue;
            var cell = reader.Column.Expression is null ? Read(reader, fields, rowDate ?? 0) : Derivation.Compute(reader.Column.Name, sources);
            if (cell.Kind == CellKind.Fault)
                faults.Add(cell.Fault!);
            else if (reader.NeedsRowDate && rowDate is null && cell.Kind == CellKind.Number)
                faults.Add($"'{reader.Column.Name}' counts the days to '{_rowDate!.Column.Name}', which is not given: give both.");
            else
            {
                if (values is not null && reader.Column.Expression is null) Encoding!.Encode(encoded, cell, values);
                if (place < 0) continue;
                bins[place] = Card.Columns[place].CodeOf(cell);
                if (bins[place] == Card.Columns[place].UnknownBin) unseen.Add(reader.Column.Name);
            }
        }

        var policy = PolicyValues(fields, faults);
        return faults.Count > 0 ? Outcome<BinnedApplication>.Reject(faults) : new BinnedApplication(bins, unseen) { PolicyValues = policy, Values = values };
    }

    /// <summary>The past loans that are nearest to an application, the nearest first; none where the model keeps none.</summary>
    /// <param name="read">The application, as <see cref="Read(IReadOnlyDictionary{string, JsonElement})"/> gave it.</param>
    /// <param name="count">Most loans.</param>
    public IReadOnlyList<SimilarCase> SimilarCases(BinnedApplication read, int count) => read.Values is null ? [] : _autoencoder?.Nearest(read.Values, count) ?? [];

    /// <summary>Scores many rows in one run of the graph; fast in blocks of a few thousand, whose buffers the caller keeps.</summary>
    /// <param name="bins">Row after row, for each column of <see cref="Card"/> what <see cref="ScorecardColumn.CodeOf(in Cell)"/> gave.</param>
    /// <param name="points">Gets the points of each row; its length is the number of rows.</param>
    /// <param name="probabilities">Gets the calibrated probability of a bad loan of each row, 0 to 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public void ScoreRows(Memory<long> bins, Memory<double> points, Memory<double> probabilities)
    {
        long rows = points.Length;
        if (bins.Length != rows * Card.Columns.Count || probabilities.Length != rows)
            throw new ArgumentException($"{bins.Length} bins and {probabilities.Length} probabilities do not fit {rows} rows of {Card.Columns.Count} columns.");
        if (_graph is null)
        {
            ((ImportedModel)Model).Score(bins.Span, points.Span, probabilities.Span);
            return;
        }

        var memory = OrtMemoryInfo.DefaultInstance;
        using var input = OrtValue.CreateTensorValueFromMemory(memory, bins, [rows, Card.Columns.Count]);
        using var pointsOut = OrtValue.CreateTensorValueFromMemory(memory, points, [rows]);
        using var probabilityOut = OrtValue.CreateTensorValueFromMemory(memory, probabilities, [rows]);
        _graph.Session.Run(_run, Inputs, [input], Outputs, [pointsOut, probabilityOut]);
    }

    /// <summary>Which of many applications are unlike those that the model was trained on, as <see cref="CreditScore.OutOfDistribution"/> says of one.</summary>
    /// <param name="values">Application after application the values of <see cref="Encoding"/>, which is not null.</param>
    /// <param name="outliers">Gets the answers; as long as there are applications.</param>
    /// <exception cref="InvalidOperationException">The model cannot tell.</exception>
    public void FindOutliers(Memory<float> values, Span<bool> outliers) =>
        (_autoencoder ?? throw new InvalidOperationException("The model has no autoencoder.")).FindOutliers(values, outliers);

    /// <summary>The columns that cost a row of <see cref="ScoreRows"/> most, worst first; does not allocate.</summary>
    /// <param name="bins">The bin of each column of <see cref="Card"/>.</param>
    /// <param name="names">Gets the names; as long as the contract allows reasons.</param>
    /// <returns>How many names there are.</returns>
    public int ReasonsOf(ReadOnlySpan<long> bins, Span<string> names) => _explainer.Reasons(bins, names);

    /// <inheritdoc/>
    public void SelfTest()
    {
        new CreditSelfTest(this).Run();
        _autoencoder?.SelfTest();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _autoencoder?.Dispose();
        _graph?.Dispose();
        (Model as IDisposable)?.Dispose();
        _run.Dispose();
    }

    // Null when the application has none; a date that cannot be read is a fault and counts as given.
    private double? RowDate(IReadOnlyDictionary<string, JsonElement> fields, List<string> faults)
    {
        var cell = Read(_rowDate!, fields, 0);
        if (cell.Kind == CellKind.Fault) faults.Add(cell.Fault!);
        return cell.Kind switch
        {
            CellKind.Number => cell.Number,
            CellKind.Fault => 0,
            _ => null,
        };
    }

    // Faults of inputs are told where these are read.
    private Operand[] Sources(IReadOnlyDictionary<string, JsonElement> fields, List<string> faults)
    {
        var values = new Operand[Derivation.Sources.Count];
        foreach (var (i, reader) in Derivation.Sources.Index())
        {
            var cell = Read(reader, fields, 0);
            if (cell.Kind == CellKind.Fault && reader.Column.Role != ColumnRole.Input) faults.Add(cell.Fault!);
            values[i] = Operand.Of(cell);
        }

        return values;
    }

    private PolicyValue[] PolicyValues(IReadOnlyDictionary<string, JsonElement> fields, List<string> faults)
    {
        var values = new PolicyValue[Policy.Readers.Count];
        foreach (var (i, reader) in Policy.Readers.Index())
        {
            var cell = Read(reader, fields, 0);
            if (cell.Kind == CellKind.Fault && !faults.Contains(cell.Fault!)) faults.Add(cell.Fault!);
            values[i] = PolicyValue.Of(cell);
        }

        return values;
    }

    /// <summary>What a field of an application holds.</summary>
    internal static Cell Read(ColumnReader reader, IReadOnlyDictionary<string, JsonElement> fields, double rowDate)
    {
        if (!fields.TryGetValue(reader.Column.Name, out var value)) return Cell.Missing;
        return value.ValueKind switch
        {
            JsonValueKind.Null => Cell.Missing,
            JsonValueKind.String => reader.Read(value.GetString(), rowDate),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => reader.Read(value.GetRawText(), rowDate),
            _ => Cell.OfFault($"'{reader.Column.Name}' is an object or a list: give one value."),
        };
    }
}
