using Serverless.Serving.Text;
using static TorchSharp.torch;

namespace Serverless.Training.Text;

/// <summary>The texts that networks are trained on, and what their scores should say of each.</summary>
/// <param name="Rows">Rows with an intent.</param>
/// <param name="Intents">Number of classes.</param>
/// <param name="Rules">How much of a target is not the label.</param>
internal sealed record TextTargets(IReadOnlyList<TextRow> Rows, int Intents, NetworkRules Rules)
{
    // What a teacher is sure of says little more than the label; softened it tells which intents a text is near to (Hinton et al. 2015, section 2).
    private const double Temperature = 2;

    // Asked together.
    private const int Chunk = 4096;

    /// <summary>What teachers say, [intents] for each row; null without them.</summary>
    private float[][]? Taught { get; init; }

    /// <summary>The same with a share of the targets that is what teachers say. Takes 4 bytes for each text and intent.</summary>
    public TextTargets TaughtBy(FittedNetwork teachers) => this with
    {
        Taught = [.. Rows.Chunk(Chunk).SelectMany(some => teachers.Scores([.. some.Select(r => r.Text)])).Select(Softened)],
    };

    /// <summary>How far scores are from the targets: the mean cross-entropy. Within a scope that disposes of what is made on the way.</summary>
    /// <param name="scores">Before the softmax, [rows, intents].</param>
    /// <param name="of">Their rows.</param>
    public Tensor Loss(Tensor scores, int[] of) => Taught is null
        ? nn.functional.cross_entropy(scores, tensor(Array.ConvertAll(of, i => (long)Rows[i].Class)), label_smoothing: Rules.LabelSmoothing)
        : nn.functional.cross_entropy(scores, tensor(Array.ConvertAll(of, Target).SelectMany(t => t).ToArray(), of.Length, Intents));

    private float[] Target(int row)
    {
        var ofLabel = 1 - Rules.Distillation;
        var target = Array.ConvertAll(Taught![row], p => (float)((Rules.Distillation * p) + (ofLabel * Rules.LabelSmoothing / Intents)));
        target[Rows[row].Class] += (float)(ofLabel * (1 - Rules.LabelSmoothing));
        return target;
    }

    private static float[] Softened(double[] scores) => Array.ConvertAll(Calibration.Softmax(Array.ConvertAll(scores, s => s / Temperature)), p => (float)p);
}
