using Microsoft.ML.OnnxRuntime;

namespace Serverless.Serving.Text;

/// <summary>What the graph takes beside n-grams when it has a network: the pieces of the words, and the words of the texts.</summary>
internal static class NetworkInputs
{
    /// <summary>Names of the graph's inputs: int64 [words, pieces], float [words, pieces], int64 [n, before + length + behind], float [n, length].</summary>
    public static readonly string[] Names = ["pieces", "pieceWeights", "words", "there"];

    /// <summary>The values of <see cref="Names"/>, for whoever disposes of them.</summary>
    public static OrtValue[] Of(WordBatch batch)
    {
        var most = Math.Max(1, batch.Pieces.Max(p => p.Length));
        var pieces = new long[batch.Pieces.Count * most];
        var weights = new float[pieces.Length];
        foreach (var (word, of) in batch.Pieces.Index())
        {
            for (var j = 0; j < of.Length; j++) pieces[(word * most) + j] = of[j];
            weights.AsSpan(word * most, of.Length).Fill(WordBatch.WeightOf(of));
        }

        return
        [
            Value(pieces, batch.Pieces.Count, most),
            Value(weights, batch.Pieces.Count, most),
            Value(batch.Words, batch.Texts, WordBatch.Before + batch.Length + WordBatch.Behind),
            Value(batch.There, batch.Texts, batch.Length),
        ];
    }

    private static OrtValue Value<T>(T[] values, long rows, long columns)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(values, [rows, columns]);
}
