namespace Serverless.Training.Credit.Trees;

/// <summary>One feature of boosted trees, made from the bins of one column.</summary>
/// <param name="Column">Place of the column.</param>
/// <param name="Categorical">Whether its values are codes without order.</param>
/// <param name="OfBins">For each bin of the column the value that the trees see: of numbers the bin's place, NaN where nothing is known; of categories a code.</param>
/// <param name="Direction">How the risk must move as the value grows: 1 up, -1 down, 0 freely.</param>
internal sealed record TreeFeature(int Column, bool Categorical, float[] OfBins, int Direction);
