namespace Serverless.Training.Quality;

/// <summary>What was seen of a drop's quality, good or not.</summary>
/// <param name="Rows">Rows that were read.</param>
/// <param name="RowsInError">Rows that cannot be used.</param>
public sealed record DropQuality(int Rows, int RowsInError);
