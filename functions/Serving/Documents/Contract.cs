using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Documents;

/// <summary>
/// The data contract of a portfolio of pictures: what a drop names them by, how they are shown to the network and how that is trained. Two uses: boxes of
/// handwritten digits, and types of documents.
/// </summary>
public sealed record DocumentContract : DataContract
{
    /// <summary>Name of the family.</summary>
    public const string FamilyName = "documents";

    /// <summary>A fresh holdout needs one picture of every label; a network takes longer for an answer than a scorecard.</summary>
    public DocumentContract() => Gate = new() { MinRare = 1, MaxLatencyMs = 250 };

    /// <summary>Column of the labels CSV with the name of the picture's file. IDX files have none.</summary>
    [RegularExpression(Filled)]
    public string FileColumn { get; init; } = "file";

    /// <summary>Column of the labels CSV with the label.</summary>
    [RegularExpression(Filled)]
    public string LabelColumn { get; init; } = "label";

    /// <summary>The label of pictures that belong to none of the others; such rows set how <c>none</c> is told and are no class.</summary>
    [RegularExpression(Unpadded)]
    public string? OutOfScopeLabel { get; init; }

    /// <summary>Share of the pictures with a label that the threshold of <c>none</c> may turn away.</summary>
    [Range(0, 0.5, ErrorMessage = "0.01 lets one of a hundred good pictures be turned away")]
    public double MaxFalseNone { get; init; } = 0.01;

    /// <summary>How a picture is shown to the network.</summary>
    public PictureRules Picture { get; init; } = new();

    /// <summary>What is done to pictures at each step of training, so that the network knows more than those it saw.</summary>
    public AugmentationRules Augmentation { get; init; } = new();

    /// <summary>How the network is built and trained.</summary>
    public PictureNetworkRules Network { get; init; } = new();
}

/// <summary>How a picture is shown to the network: as it is looked at, as large as fits, what is left over filled with the colour of its border.</summary>
public sealed record PictureRules
{
    /// <summary>Pixels from top to bottom; absent: from the drop.</summary>
    [Range(8, SmallPicture.Longest, ErrorMessage = "28 is enough for a digit, 112 for telling kinds of pages apart; more cost time")]
    public int? Height { get; init; }

    /// <summary>Pixels from left to right; absent: from the drop.</summary>
    [Range(8, SmallPicture.Longest, ErrorMessage = "28 is enough for a digit, 80 for telling kinds of pages apart; more cost time")]
    public int? Width { get; init; }

    /// <summary>Whether the network sees colours; absent: where the drop has some.</summary>
    public PictureColours? Colours { get; init; }

    /// <summary>What is refused before a picture is decoded.</summary>
    public PictureLimits Limits { get; init; } = new();
}

/// <summary>What a network sees of a picture.</summary>
public enum PictureColours
{
    /// <summary>Brightness alone.</summary>
    Grey,

    /// <summary>Red, green and blue.</summary>
    Colour,
}

/// <summary>
/// By how much a picture is changed at most at each step of training; each change is drawn evenly from both sides, 0 leaves it out. Pictures are never
/// mirrored: that makes another letter, and no page comes so.
/// </summary>
public sealed record AugmentationRules
{
    /// <summary>Moved, as a share of each side.</summary>
    [Range(0, 0.5, ErrorMessage = "0.07 moves a digit of 28 pixels by two")]
    public double Shift { get; init; } = 0.07;

    /// <summary>Turned, in degrees.</summary>
    [Range(0, 180.0, ErrorMessage = "10 is usual; from 30 on some digits become others")]
    public double Rotation { get; init; } = 10;

    /// <summary>Made larger or smaller, as a share.</summary>
    [Range(0, 0.9, ErrorMessage = "0.1 is usual")]
    public double Scale { get; init; } = 0.1;

    /// <summary>Slanted, as a share of the height.</summary>
    [Range(0, 1.0, ErrorMessage = "0.15 is usual")]
    public double Shear { get; init; } = 0.15;

    /// <summary>Bent: how far points are moved that lie a fifth of the side apart, as a share of the side (Simard, Steinkraus and Platt 2003).</summary>
    [Range(0, 0.2, ErrorMessage = "0.03 is usual for handwriting, 0 for what is printed")]
    public double Elastic { get; init; } = 0.03;

    /// <summary>Contrast, as a share.</summary>
    [Range(0, 0.9, ErrorMessage = "0.2 is usual")]
    public double Contrast { get; init; } = 0.2;

    /// <summary>Brightness, as a share of the whole range.</summary>
    [Range(0, 0.5, ErrorMessage = "0.1 is usual")]
    public double Brightness { get; init; } = 0.1;

    /// <summary>Noise in each pixel, as a share of the whole range.</summary>
    [Range(0, 0.5, ErrorMessage = "0.05 is usual")]
    public double Noise { get; init; } = 0.05;
}

/// <summary>How the network is built and trained: residual blocks of convolutions (He et al. 2016), of which each stage halves the sides.</summary>
public sealed record PictureNetworkRules
{
    /// <summary>Channels come in so many: with other numbers, gradients of libtorch's convolutions have no number in them now and then, on some processors at least.</summary>
    public const int ChannelStep = 16;

    /// <summary>Patterns of the first stage, a multiple of 16; each further one has twice as many, and where large pictures need a fourth, the first has half as many, but 16 at least.</summary>
    [Range(ChannelStep, 128, ErrorMessage = "16 is usual; more cost time")]
    public int Channels { get; init; } = 16;

    /// <summary>Passes over the pictures; more when there are few of them, fewer when there are very many.</summary>
    [Range(1, 1000, ErrorMessage = "40 is usual; more cost time")]
    public int Epochs { get; init; } = 40;

    /// <summary>Pictures of a step.</summary>
    [Range(4, 1024, ErrorMessage = "64 is usual")]
    public int Batch { get; init; } = 64;

    /// <summary>Share of a target that goes to all labels alike (Szegedy et al. 2016).</summary>
    [Range(0, 0.5, ErrorMessage = "0.05 is usual, 0 is none")]
    public double LabelSmoothing { get; init; } = 0.05;

    /// <summary>The highest rate of Adam; it rises over the first part of the steps and falls to 0 after.</summary>
    [Range(0.00001, 0.1, ErrorMessage = "0.004 is usual")]
    public double LearningRate { get; init; } = 0.006;

    /// <summary>What the weights lose at each step, as a multiple of the rate (Loshchilov and Hutter 2019).</summary>
    [Range(0, 1.0, ErrorMessage = "0.05 is usual, 0 is none")]
    public double WeightDecay { get; init; } = 0.05;
}
