using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Documents;

/// <summary>A loaded picture classifier.</summary>
public sealed class DocumentClassifier : IServedModel
{
    /// <summary>Name of the graph's input, float [n, channels, height, width].</summary>
    public const string Input = "pictures";

    /// <summary>Name of the output with the calibrated probabilities, float [n, labels].</summary>
    public const string Probability = "probability";

    /// <summary>Name of the output with what the softmax is of, float [n, labels].</summary>
    public const string Scores = "scores";

    /// <summary>Name of the output with how much speaks for a picture's having any of the labels, float [n].</summary>
    public const string Evidence = "evidence";

    // It computes in 32 bits through many layers, and processors add in different orders.
    private const double Tolerance = 1e-4;

    // Pictures of one run of the graph: what it holds for them stays small.
    private const int RunLength = 64;

    private static readonly string[] Outputs = [Probability, Scores, Evidence];

    private readonly OnnxModel _graph;
    private readonly DocumentThresholds _thresholds;
    private readonly PictureExplainer _explainer;
    private readonly RunOptions _options = new();

    private DocumentClassifier(ModelBundle bundle, OnnxModel graph)
    {
        (Bundle, _graph) = (bundle, graph);
        Contract = bundle.Read<DocumentContract>("contract.json");
        Features = bundle.Read<PictureFeatures>("features.json");
        Features.Check();
        _thresholds = bundle.Read<DocumentThresholds>("thresholds.json");
        _explainer = new(Features, framed =>
        {
            var found = new float[framed.Count][];
            Run(framed, (place, _, _, probabilities) => found[place] = probabilities.ToArray());
            return found;
        });
    }

    /// <inheritdoc/>
    public ModelBundle Bundle { get; }

    /// <summary>The contract that the model was trained under.</summary>
    public DocumentContract Contract { get; }

    /// <summary>Sizes and labels.</summary>
    public PictureFeatures Features { get; }

    /// <summary>The labels that it can answer with.</summary>
    public IReadOnlyList<string> Labels => Features.Labels;

    /// <summary>Evidence under this means none of the labels.</summary>
    public double NoneBelow => _thresholds.None;

    /// <summary>Loads a bundle whose hashes were verified.</summary>
    /// <exception cref="InvalidModelException">The bundle cannot be served.</exception>
    public static DocumentClassifier Load(ModelBundle bundle)
    {
        var graph = OnnxModel.Load(bundle.Read("model.onnx"));
        try
        {
            var model = new DocumentClassifier(bundle, graph);
            if (!graph.Session.InputNames.SequenceEqual([Input]) || !graph.Session.OutputNames.SequenceEqual(Outputs))
                throw new InvalidModelException($"The graph is no picture classifier: it must take '{Input}' and give {string.Join(", ", Outputs.Select(o => $"'{o}'"))}.");
            if (!graph.Session.InputMetadata[Input].Dimensions.AsSpan(1).SequenceEqual([model.Features.Channels, model.Features.Height, model.Features.Width]))
                throw new InvalidModelException("The graph takes pictures of another size than features.json says: train the model again or restore the files.");
            if (graph.Session.OutputMetadata[Probability].Dimensions[^1] != model.Labels.Count)
                throw new InvalidModelException("The graph answers with another number of labels than features.json names: train the model again or restore the files.");
            return model;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Classifies the bytes of a PNG, JPEG or WebP; rejected when they are no picture, or beyond the contract's limits.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="top">How many labels to return, best first; 1 or more.</param>
    /// <param name="explain">Whether the answer has its <see cref="DocumentClassification.Explanation"/>.</param>
    public Outcome<DocumentClassification> Classify(ReadOnlySpan<byte> file, int top, bool explain = false) =>
        PictureFile.Decode(file, Contract.Picture.Limits).Then<DocumentClassification>(picture =>
        {
            using (picture) return Classify(picture, top, explain);
        });

    /// <summary>Classifies a picture that was decoded; arguments as above.</summary>
    public DocumentClassification Classify(Picture picture, int top, bool explain = false) => Classify(SmallPicture.Of(picture), top, explain);

    /// <summary>Classifies a picture that was reduced; arguments as above.</summary>
    public DocumentClassification Classify(SmallPicture picture, int top, bool explain = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var framed = Framed(picture);
        DocumentClassification? answer = null;
        Run([framed], (_, evidence, _, probabilities) => answer = Decide(probabilities, evidence, top));
        return explain ? answer! with { Explanation = _explainer.Explain(framed, PlaceOf(answer!.Top[0].Label)) } : answer!;
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        var golden = Bundle.Read<IReadOnlyList<GoldenPicture>>("golden.json");
        if (golden.Count == 0) throw new InvalidModelException("golden.json is empty: train the model again or restore the file.");
        Run([.. golden.Select(g => GoldenPicture.Draw(g.Seed, Features))], (place, _, _, probabilities) =>
        {
            foreach (var (label, probability) in golden[place].Top)
            {
                var at = PlaceOf(label);
                if (at < 0 || !(Math.Abs(probabilities[at] - probability) <= Tolerance))
                    throw new InvalidModelException($"Golden picture {place + 1} is answered differently from when the model was trained: restore the bundle or train it again.");
            }
        });
    }

    /// <summary>The probability of each label for each picture.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="answer">Called in order.</param>
    public void Run(IReadOnlyList<SmallPicture> pictures, AnswerOf answer)
    {
        for (var start = 0; start < pictures.Count; start += RunLength)
            Run([.. pictures.Skip(start).Take(RunLength).Select(Framed)], (place, evidence, scores, probabilities) => answer(start + place, evidence, scores, probabilities));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _graph.Dispose();
    }

    private int PlaceOf(string label)
    {
        for (var i = 0; i < Labels.Count; i++)
        {
            if (Labels[i] == label) return i;
        }

        return -1;
    }

    private FramedPicture Framed(SmallPicture picture) => FramedPicture.Of(picture, Features.Height, Features.Width, Features.Channels);

    private void Run(IReadOnlyList<FramedPicture> framed, AnswerOf answer)
    {
        var input = new float[framed.Count * Features.Length];
        for (var i = 0; i < framed.Count; i++) framed[i].WriteTo(input.AsSpan(i * Features.Length, Features.Length), Features);
        using var pictures = OrtValue.CreateTensorValueFromMemory(input, [framed.Count, Features.Channels, Features.Height, Features.Width]);
        using var results = _graph.Session.Run(_options, [Input], [pictures], Outputs);
        var probabilities = results[0].GetTensorDataAsSpan<float>();
        var scores = results[1].GetTensorDataAsSpan<float>();
        var evidence = results[2].GetTensorDataAsSpan<float>();
        for (var i = 0; i < framed.Count; i++) answer(i, evidence[i], scores.Slice(i * Labels.Count, Labels.Count), probabilities.Slice(i * Labels.Count, Labels.Count));
    }

    private DocumentClassification Decide(ReadOnlySpan<float> probabilities, double evidence, int top)
    {
        var best = new List<LabelProbability>(probabilities.Length);
        for (var i = 0; i < probabilities.Length; i++) best.Add(new(Features.Labels[i], probabilities[i]));
        var answers = best.OrderByDescending(b => b.Probability).Take(top).ToList(); // stable: of equals the first
        return new(evidence < _thresholds.None ? null : answers[0].Label, answers, evidence);
    }

    /// <summary>Takes the answer for the picture at a place: its evidence, its scores before the softmax and its probabilities.</summary>
    public delegate void AnswerOf(int place, double evidence, ReadOnlySpan<float> scores, ReadOnlySpan<float> probabilities);
}
