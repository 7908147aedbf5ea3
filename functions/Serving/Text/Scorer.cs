using System.Buffers;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Text;

/// <summary>A loaded text classifier.</summary>
public sealed class TextClassifier : IServedModel
{
    // Ids of one run of the graph: what it gathers for them (intents times 4 bytes each) stays within a processor's cache.
    private const int RunLength = 8192;

    // An encoder computes in 32 bits through many layers, and what it is asked with changes in which order.
    private const double Tolerance = 1e-5, ToleranceWithEncoder = 1e-4;

    /// <summary>Name of the graph's input that takes the vectors of a contract's encoder.</summary>
    public const string Encoding = "encoding";

    private static readonly string[] Inputs = ["ids", "weights"];
    private const string Probability = "probability", Evidence = "evidence";

    private readonly OnnxModel _graph;
    private readonly Vectorizer _vectorizer;
    private readonly WordReader? _words;
    private readonly TextEncoder? _encoder;
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly string[] _intents;
    private readonly TextThresholds _thresholds;
    private readonly Redactor _redactor;
    private readonly QuestionIndex? _questions;
    private readonly Explainer _explainer;
    private readonly RunOptions _options = new();

    private TextClassifier(ModelBundle bundle, OnnxModel graph, TextEncoder? encoder)
    {
        (Bundle, _graph, _encoder) = (bundle, graph, encoder);
        Contract = bundle.Read<TextContract>("contract.json");
        _redactor = new(Contract.Redaction);
        var features = bundle.Read<TextFeatures>("features.json");
        (_vectorizer, _intents) = (new Vectorizer(features), [.. features.Intents]);
        _words = features.Words is null ? null : new(features.Words, features.HashBits);
        _inputs = [.. Inputs, .. _words is null ? [] : NetworkInputs.Names, .. _encoder is null ? Array.Empty<string>() : [Encoding]];
        _thresholds = bundle.Read<TextThresholds>("thresholds.json");
        _outputs = _thresholds.Score == NoneScore.Probability ? [Probability] : [Probability, Evidence];
        _questions = Contract.Similar is null ? null : new(bundle.Read<IReadOnlyList<TrainingQuestion>>(TrainingQuestion.FileName), features, _vectorizer);
        _explainer = new(_vectorizer, _words, _intents, (vectors, words, encodings, answer) => Run(vectors, 1, words, encodings, 0, answer)) { Encoder = _encoder };
    }

    /// <inheritdoc/>
    public ModelBundle Bundle { get; }

    /// <summary>The contract that the model was trained under.</summary>
    public TextContract Contract { get; }

    /// <summary>The intents that it can answer with.</summary>
    public IReadOnlyList<string> Intents => _intents;

    /// <summary>Evidence under this means none of the intents.</summary>
    public double NoneBelow => _thresholds.None;

    /// <summary>Loads a bundle whose hashes were verified.</summary>
    /// <exception cref="InvalidModelException">The bundle cannot be served.</exception>
    public static TextClassifier Load(ModelBundle bundle)
    {
        var graph = OnnxModel.Load(bundle.Read("model.onnx"));
        TextEncoder? encoder = null;
        try
        {
            encoder = bundle.Read<TextContract>("contract.json").Encoder is { } rules ? TextEncoder.Load(bundle, rules.Pooling, rules.MaxTokens) : null;
            var model = new TextClassifier(bundle, graph, encoder);
            if (!graph.Session.InputNames.SequenceEqual(model._inputs) || !graph.Session.OutputNames.SequenceEqual(model._outputs))
                throw new InvalidModelException($"The graph is no text classifier that fits features.json and thresholds.json: it must take {Quoted(model._inputs)} and give {Quoted(model._outputs)}.");
            if (graph.Session.OutputMetadata[Probability].Dimensions[^1] != model._intents.Length)
                throw new InvalidModelException("The graph answers with another number of intents than features.json names: train the model again or restore the files.");
            if (encoder is not null && graph.Session.InputMetadata[Encoding].Dimensions[^1] != encoder.Settings.Dimensions)
                throw new InvalidModelException("The graph takes vectors of another length than the encoder gives: train the model again or restore the files.");
            return model;
        }
        catch
        {
            encoder?.Dispose();
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Classifies texts, from which personal numbers and addresses are taken out first; rejected when a text is empty or too long, with its place in the list.</summary>
    /// <param name="texts">One or more texts.</param>
    /// <param name="top">How many intents to return for each, best first; 1 or more.</param>
    /// <param name="cancel">Stops it behind a run of the graph.</param>
    public Outcome<IReadOnlyList<Classification>> Classify(IReadOnlyList<string> texts, int top, CancellationToken cancel = default) => Answer(texts, top, explain: false, cancel);

    /// <summary>The same with the <see cref="Classification.Explanation"/> of each answer; a text of more than <see cref="Explainer.MostWords"/> words is rejected too.</summary>
    /// <param name="texts">One or more texts.</param>
    /// <param name="top">As for <see cref="Classify"/>.</param>
    /// <param name="cancel">Stops it behind a run of the graph; a text takes as many runs' work as it has words.</param>
    public Outcome<IReadOnlyList<Classification>> Explain(IReadOnlyList<string> texts, int top, CancellationToken cancel = default) => Answer(texts, top, explain: true, cancel);

    /// <summary>
    /// The training questions nearest to a text, from which personal numbers and addresses are taken out first; rejected when the text is empty or too
    /// long, and as missing when the model keeps no questions.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="top">Most questions; 1 or more.</param>
    /// <param name="cancel">Stops it.</param>
    public Outcome<SimilarQuestions> Similar(string text, int top, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (_questions is null)
            return Outcome<SimilarQuestions>.Reject(Rejection.Missing, $"Version {Bundle.Version} of portfolio '{Contract.Portfolio}' keeps no training questions: add \"similar\": {{}} to its contract, activate it, and drop the texts again.");
        if (TextFaults.Of(text, Contract.MaxLength) is { } fault) return Outcome<SimilarQuestions>.Reject($"'text' {fault}");
        var redacted = _redactor.Redact(text);
        return new SimilarQuestions(redacted.Redactions, _questions.Nearest(_vectorizer.Of(redacted.Text), top, cancel));
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        var tolerance = _encoder is null ? Tolerance : ToleranceWithEncoder;
        var golden = Bundle.Read<IReadOnlyList<GoldenText>>("golden.json");
        if (golden.Count == 0) throw new InvalidModelException("golden.json is empty: train the model again or restore the file.");
        Run([.. golden.Select(g => g.Text)], (place, _, probabilities) =>
        {
            foreach (var (intent, probability) in golden[place].Top)
            {
                var at = Array.IndexOf(_intents, intent);
                if (at < 0 || !(Math.Abs(probabilities[at] - probability) <= tolerance))
                    throw new InvalidModelException($"Golden text {place + 1} is answered differently from when the model was trained: restore the bundle or train it again.");
            }
        });
    }

    /// <summary>The probability of each intent for each text, whatever the texts' lengths.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="answer">Called in order with a text's place from 0, its evidence and its probabilities.</param>
    public void Run(IReadOnlyList<string> texts, AnswerOf answer)
    {
        var vectors = new List<TextVector>();
        for (int start = 0, longest = 1; start + vectors.Count < texts.Count;)
        {
            var next = _vectorizer.Of(texts[start + vectors.Count]);
            var length = Math.Max(longest, next.Ids.Length);
            if (vectors.Count > 0 && length * (vectors.Count + 1) > RunLength)
            {
                Run(vectors, longest, texts, start, answer);
                start += vectors.Count;
                vectors.Clear();
                length = Math.Max(1, next.Ids.Length);
            }

            vectors.Add(next);
            longest = length;
            if (start + vectors.Count == texts.Count) Run(vectors, longest, texts, start, answer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _encoder?.Dispose();
        _graph.Dispose();
    }

    private Outcome<IReadOnlyList<Classification>> Answer(IReadOnlyList<string> texts, int top, bool explain, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (texts.Count == 0) return Outcome<IReadOnlyList<Classification>>.Reject("There is no text: send at least one.");
        if (Faults(texts, text => TextFaults.Of(text, Contract.MaxLength)) is { Count: > 0 } faults) return Outcome<IReadOnlyList<Classification>>.Reject(faults);
        var redacted = texts.Select(_redactor.Redact).ToList();
        if (explain && Faults(redacted.ConvertAll(r => r.Text), Explainer.Fault) is { Count: > 0 } tooLong) return Outcome<IReadOnlyList<Classification>>.Reject(tooLong);

        var answers = new Classification[texts.Count];
        var all = new float[explain ? texts.Count : 0][];
        Run(redacted.ConvertAll(r => r.Text), (place, evidence, probabilities) =>
        {
            cancel.ThrowIfCancellationRequested();
            answers[place] = Decide(probabilities, evidence, top) with { Redactions = redacted[place].Redactions };
            if (explain) all[place] = probabilities.ToArray();
        });
        for (var i = 0; i < all.Length; i++) answers[i] = answers[i] with { Explanation = _explainer.Explain(redacted[i].Text, all[i], cancel) };
        return answers;
    }

    private static List<string> Faults(IReadOnlyList<string> texts, Func<string, string?> faultOf) =>
        [.. texts.Index().Select(t => (Place: t.Index + 1, Fault: faultOf(t.Item))).Where(t => t.Fault is not null).Select(t => string.Create(CultureInfo.InvariantCulture, $"text {t.Place} {t.Fault}"))];

    private void Run(List<TextVector> vectors, int length, IReadOnlyList<string> texts, int first, AnswerOf answer)
    {
        string[] some = _words is null && _encoder is null ? [] : [.. texts.Skip(first).Take(vectors.Count)];
        Run(vectors, length, _words is null ? null : WordBatch.Of(some, _words), _encoder?.Encode(some), first, answer);
    }

    // One run of the graph; texts shorter than the longest are filled up with weight 0.
    private void Run(IReadOnlyList<TextVector> vectors, int length, WordBatch? words, IReadOnlyList<float[]>? encodings, int first, AnswerOf answer)
    {
        var size = vectors.Count * length;
        var ids = ArrayPool<long>.Shared.Rent(size);
        var weights = ArrayPool<float>.Shared.Rent(size);
        OrtValue[] others = [.. words is null ? [] : NetworkInputs.Of(words), .. encodings is null ? Array.Empty<OrtValue>() : [OrtValue.CreateTensorValueFromMemory(encodings.SelectMany(e => e).ToArray(), [encodings.Count, _encoder!.Settings.Dimensions])]];
        try
        {
            Array.Clear(ids, 0, size);
            Array.Clear(weights, 0, size);
            for (var i = 0; i < vectors.Count; i++)
            {
                var (from, by) = vectors[i];
                for (var j = 0; j < from.Length; j++) ids[(i * length) + j] = from[j];
                by.CopyTo(weights, i * length);
            }

            long[] shape = [vectors.Count, length];
            using var idsIn = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, ids.AsMemory(0, size), shape);
            using var weightsIn = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, weights.AsMemory(0, size), shape);
            using var results = _graph.Session.Run(_options, _inputs, [idsIn, weightsIn, .. others], _outputs);
            var probabilities = results[0].GetTensorDataAsSpan<float>();
            var evidence = _outputs.Length > 1 ? results[1].GetTensorDataAsSpan<float>() : [];
            for (var i = 0; i < vectors.Count; i++)
            {
                var of = probabilities.Slice(i * _intents.Length, _intents.Length);
                answer(first + i, vectors[i].Ids.Length == 0 ? double.NegativeInfinity : evidence.IsEmpty ? Greatest(of) : evidence[i], of);
            }
        }
        finally
        {
            foreach (var value in others) value.Dispose();
            ArrayPool<long>.Shared.Return(ids);
            ArrayPool<float>.Shared.Return(weights);
        }
    }

    private Classification Decide(ReadOnlySpan<float> probabilities, double evidence, int top)
    {
        // The best two decide even where only one is asked for.
        var best = new int[Math.Min(Math.Max(top, 2), _intents.Length)];
        var count = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var at = count;
            while (at > 0 && probabilities[best[at - 1]] < probabilities[i]) at--;
            if (at == best.Length) continue;
            count = Math.Min(count + 1, best.Length);
            for (var j = count - 1; j > at; j--) best[j] = best[j - 1];
            best[at] = i;
        }

        var none = evidence < _thresholds.None;
        var answers = new IntentProbability[Math.Min(top, best.Length)];
        for (var i = 0; i < answers.Length; i++) answers[i] = new(_intents[best[i]], probabilities[best[i]]);
        var ambiguous = !none && probabilities[best[0]] - probabilities[best[1]] < _thresholds.AmbiguousMargin;
        return new(none ? null : answers[0].Intent, ambiguous, answers) { Between = ambiguous ? [_intents[best[0]], _intents[best[1]]] : null };
    }

    private static float Greatest(ReadOnlySpan<float> probabilities)
    {
        var most = probabilities[0];
        foreach (var probability in probabilities) most = Math.Max(most, probability);
        return most;
    }

    private static string Quoted(string[] names) => string.Join(", ", names.Select(name => $"'{name}'"));

    /// <summary>
    /// Takes the answer for the text at a place. Its evidence is how much speaks for its having any of the intents, in the units of the model's
    /// <see cref="NoneScore"/>; negative infinity for a text without a known feature.
    /// </summary>
    public delegate void AnswerOf(int place, double evidence, ReadOnlySpan<float> probabilities);
}
