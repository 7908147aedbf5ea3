using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>The weights of a linear classifier.</summary>
/// <param name="Weights">[features, classes], row-major.</param>
/// <param name="Biases">[classes].</param>
/// <param name="Parameters">The same, as ML.NET has them, for a later fit to begin with.</param>
internal sealed record LinearModel(float[] Weights, float[] Biases, MaximumEntropyModelParameters Parameters)
{
    /// <summary>Takes the weights out of ML.NET's model, which keeps them class by class.</summary>
    public static LinearModel Of(MaximumEntropyModelParameters model)
    {
        VBuffer<float>[]? byClass = null;
        model.GetWeights(ref byClass, out var classes);
        var features = byClass[0].Length;
        var weights = new float[features * classes];
        for (var c = 0; c < classes; c++)
        {
            foreach (var (feature, weight) in byClass[c].Items()) weights[(feature * classes) + c] = weight;
        }

        return new(weights, [.. model.GetBiases()], model);
    }

    /// <summary>The scores of a text before the softmax, summed in double.</summary>
    public double[] Logits(TextVector text)
    {
        var logits = Array.ConvertAll(Biases, b => (double)b);
        for (var i = 0; i < text.Ids.Length; i++)
        {
            var row = Weights.AsSpan(text.Ids[i] * logits.Length, logits.Length);
            for (var c = 0; c < logits.Length; c++) logits[c] += (double)text.Weights[i] * row[c];
        }

        return logits;
    }
}
