namespace Serverless.Training.Drops;

/// <summary>The content of a drop's file cannot be read further; for the parts of this folder, which add the place.</summary>
/// <param name="what">What is wrong and what to do.</param>
/// <param name="inRow">Whether it concerns the row that was to be read, which then begins the sentence; else the file does.</param>
internal sealed class UnreadableException(string what, bool inRow) : Exception(what)
{
    public bool InRow => inRow;
}
