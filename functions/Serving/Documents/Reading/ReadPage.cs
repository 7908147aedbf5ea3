namespace Serverless.Serving.Documents;

/// <summary>A page that was read.</summary>
/// <param name="Width">Of the page as it is looked at (turned upright as its file says), in pixels.</param>
/// <param name="Height">Of the same, in pixels.</param>
/// <param name="Lines">Its lines in reading order: from top to bottom, in one height from left to right.</param>
public sealed record ReadPage(int Width, int Height, IReadOnlyList<ReadLine> Lines);

/// <summary>A line of text on a page.</summary>
/// <param name="Text">What was read.</param>
/// <param name="Confidence">How sure it is: mean probability of its characters, 0 to 1.</param>
/// <param name="Box">Where it stands.</param>
public sealed record ReadLine(string Text, double Confidence, PageBox Box);

/// <summary>Four corners on a page, in pixels from its upper left, named as seen by who reads the text: a turned line has a turned box.</summary>
/// <param name="TopLeft">Where the text begins, above it.</param>
/// <param name="TopRight">Where it ends, above it.</param>
/// <param name="BottomRight">Where it ends, below it.</param>
/// <param name="BottomLeft">Where it begins, below it.</param>
public readonly record struct PageBox(PagePoint TopLeft, PagePoint TopRight, PagePoint BottomRight, PagePoint BottomLeft);

/// <summary>A point on a page.</summary>
/// <param name="X">Pixels from the left.</param>
/// <param name="Y">Pixels from the top.</param>
public readonly record struct PagePoint(double X, double Y);
