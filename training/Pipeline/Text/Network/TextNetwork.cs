using Serverless.Serving.Text;
using Serverless.Training.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Serverless.Training.Text;

/// <summary>
/// A convolutional network over words (Kim 2014): patterns of one, two and three words in a row, of which the strongest place counts and the
/// mean over all places. The vector of a word is the sum of those of its pieces (Bojanowski et al. 2017). On one thread, so that the same texts give
/// the same scores whatever else runs.
/// </summary>
internal sealed class TextNetwork : IDisposable
{
    // Kept: TorchSharp's operator makes a new one for each sum, which may be collected while the native code reads it.
    private static readonly Scalar One = 1.ToScalar();

    private readonly Parameter _table;
    private readonly Parameter[] _kernels;
    private readonly Parameter _kernelBiases;
    private readonly Parameter _output;
    private readonly Parameter _outputBiases;
    private readonly int _dimensions;

    /// <summary>A network as it was trained, or as it begins.</summary>
    public TextNetwork(NetworkWeights weights)
    {
        set_num_threads(1);
        _dimensions = weights.Dimensions;
        _table = Matrix(weights.Table, weights.Dimensions);
        (_kernels, _kernelBiases) = (Array.ConvertAll(weights.Kernels, k => Matrix(k, weights.Filters)), Vector(weights.KernelBiases));
        (_output, _outputBiases) = (Matrix(weights.Output, weights.Intents), Vector(weights.OutputBiases));
    }

    /// <summary>Everything that is learned.</summary>
    public Parameter[] Parameters => [_table, .. _kernels, _kernelBiases, _output, _outputBiases];

    /// <summary>A copy of the weights.</summary>
    public NetworkWeights Weights => new(Numbers(_table), Array.ConvertAll(_kernels, Numbers), Numbers(_kernelBiases), Numbers(_output), Numbers(_outputBiases));

    /// <summary>Scores before the softmax, [texts, intents]. Within a scope that disposes of what is made on the way.</summary>
    /// <param name="batch">The texts.</param>
    /// <param name="drop">What is done to the patterns that were found, [texts, 2 * patterns], before they are weighed.</param>
    public Tensor Forward(WordBatch batch, Func<Tensor, Tensor>? drop = null)
    {
        var pooled = Pooled(batch);
        return Sum((drop is null ? pooled : drop(pooled)).matmul(_output), _outputBiases);
    }

    /// <summary>The patterns that were found, [texts, 2 * patterns]: first each one's strongest place, then its mean over all places. Within a scope as for <see cref="Forward"/>.</summary>
    public Tensor Pooled(WordBatch batch)
    {
        // What each word adds to a pattern is computed once for each different word, not for each place where it stands.
        var vectors = Vectors(batch);
        var words = tensor(batch.Words, batch.Texts, WordBatch.Before + batch.Length + WordBatch.Behind);
        var there = Tensors.Aligned(batch.There, batch.Texts, batch.Length, 1);
        var matched = WordBatch.Patterns.Select(blocks => blocks
            .Select(block => vectors.matmul(_kernels[block.Index]).index_select(0, words.narrow(1, block.First, batch.Length).reshape(-1)))
            .Aggregate(Sum));
        var found = nn.functional.relu(Sum(cat([.. matched], 1), _kernelBiases)).view(batch.Texts, batch.Length, -1) * there;
        return cat([found.amax([1L]), found.sum(1) / there.sum(1)], 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Dispose();
    }

    // [words, dimensions]
    private Tensor Vectors(WordBatch batch)
    {
        var pieces = batch.Pieces.SelectMany(p => p.Select(piece => (long)piece)).ToArray();
        var of = batch.Pieces.SelectMany((p, word) => p.Select(_ => (long)word)).ToArray();
        var weights = batch.Pieces.SelectMany(p => p.Select(_ => WordBatch.WeightOf(p))).ToArray();
        var vectors = zeros(batch.Pieces.Count, _dimensions);
        if (pieces.Length == 0) return vectors;
        return vectors.index_add(0, tensor(of), _table.index_select(0, tensor(pieces)) * Tensors.Aligned(weights, weights.Length, 1), One);
    }

    /// <summary>The sum of two tensors.</summary>
    internal static Tensor Sum(Tensor one, Tensor other) => one.add(other, One);

    private static Parameter Matrix(float[] values, int columns) => new(Tensors.Aligned(values, values.Length / columns, columns));

    private static Parameter Vector(float[] values) => new(Tensors.Aligned(values, values.Length));

    private static float[] Numbers(Parameter parameter) => parameter.data<float>().ToArray();
}
