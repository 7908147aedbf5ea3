namespace Serverless.Training.Documents;

/// <summary>The numbers of a trained network, all row-major; what normalises a batch is folded into kernels and biases.</summary>
/// <param name="Plan">Its layers.</param>
/// <param name="Kernels">[outputs, inputs, side, side] of each convolution.</param>
/// <param name="Biases">[outputs] of each convolution.</param>
/// <param name="Output">[classes, pooled].</param>
/// <param name="OutputBiases">[classes].</param>
internal sealed record PictureWeights(PicturePlan Plan, float[][] Kernels, float[][] Biases, float[] Output, float[] OutputBiases);
