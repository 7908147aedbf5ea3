using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Text;

/// <summary>How the convolutional networks beside the linear part of a text classifier are trained.</summary>
public sealed record NetworkRules
{
    /// <summary>Networks that begin differently and whose scores are averaged; 1 to 8. Each costs as much as the first, in training and in answering.</summary>
    [Range(1, 8, ErrorMessage = "2 is usual; more cost time")]
    public int Networks { get; init; } = 2;

    /// <summary>Passes over the texts; more when there are few of them, fewer when there are very many.</summary>
    [Range(1, 500, ErrorMessage = "20 is usual; more cost time")]
    public int Epochs { get; init; } = 20;

    /// <summary>Numbers that stand for a word.</summary>
    [Range(8, 512, ErrorMessage = "128 is usual; more make the bundle larger")]
    public int Dimensions { get; init; } = 128;

    /// <summary>Patterns of one, of two and of three words that it looks for, each.</summary>
    [Range(8, 1024, ErrorMessage = "256 is usual; more cost time")]
    public int Filters { get; init; } = 256;

    /// <summary>Share of the patterns that is left out at each step of training.</summary>
    [Range(0, 0.9, ErrorMessage = "0.5 is usual, 0 leaves out none")]
    public double Dropout { get; init; } = 0.5;

    /// <summary>Share of the words that is blanked at each step of training.</summary>
    [Range(0, 0.9, ErrorMessage = "0.1 is usual, 0 blanks none")]
    public double WordDropout { get; init; } = 0.1;

    /// <summary>Share of a target that goes to all intents alike (Szegedy et al. 2016).</summary>
    [Range(0, 0.5, ErrorMessage = "0.1 is usual, 0 is none")]
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>The highest rate of Adam; it rises over the first tenth of the steps and falls to 0 after.</summary>
    [Range(0.00001, 0.1, ErrorMessage = "0.003 is usual")]
    public double LearningRate { get; init; } = 0.003;

    /// <summary>What the weights lose at each step, as a multiple of the rate (Loshchilov and Hutter 2019).</summary>
    [Range(0, 1.0, ErrorMessage = "0 is none, 0.01 is usual otherwise")]
    public double WeightDecay { get; init; }

    /// <summary>
    /// Share of the words of four letters or more that get a typing error at each step of training: two letters swapped, one left out, one written twice,
    /// or the key beside it.
    /// </summary>
    [Range(0, 0.9, ErrorMessage = "0 is none, 0.2 is usual otherwise")]
    public double CharacterNoise { get; init; }

    /// <summary>
    /// Share of a target that is what networks trained before on the same texts say, softened (Hinton et al. 2015; of networks of the same kind: Furlanello et
    /// al. 2018). Above 0 training takes twice as long.
    /// </summary>
    [Range(0, 1.0, ErrorMessage = "0 trains no teachers, 0.5 is usual otherwise")]
    public double Distillation { get; init; }

    /// <summary>
    /// Passes over the texts before those of <see cref="Epochs"/>, and more or fewer as those are, which teach the patterns alone that texts of an intent are alike
    /// and others are not (Khosla et al. 2020), each text seen in two ways (Gao et al. 2021). Each costs as much as two of the others.
    /// </summary>
    [Range(0, 500, ErrorMessage = "0 is none, 10 is usual otherwise")]
    public int ContrastiveEpochs { get; init; }
}
