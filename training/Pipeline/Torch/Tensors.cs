using static TorchSharp.torch;

namespace Serverless.Training.Torch;

/// <summary>Tensors from managed numbers.</summary>
internal static class Tensors
{
    /// <summary>In memory of Torch's own, which is aligned: sums of a managed array's can differ in the last bit by where it lies.</summary>
    /// <param name="values">The numbers, row-major.</param>
    /// <param name="shape">How many of them.</param>
    public static Tensor Aligned(float[] values, params long[] shape)
    {
        using var managed = tensor(values, shape);
        return managed.clone();
    }
}
