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
}
