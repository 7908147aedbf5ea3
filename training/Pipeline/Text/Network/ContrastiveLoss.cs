using Serverless.Training.Torch;
using static TorchSharp.torch;

namespace Serverless.Training.Text;

/// <summary>
/// How badly views of texts are told by what they have in common (Khosla et al. 2020, "Supervised Contrastive Learning", equation 2): views of
/// one intent attract, all others in the batch repel.
/// </summary>
internal static class ContrastiveLoss
{
    // Of the likeness of two views, -1 to 1; less looks at the nearest of the others alone.
    private const float Temperature = 0.1f;

    // Takes a view out of those that it is compared with: itself.
    private const float Far = -1e9f;

    /// <summary>The mean over the views that have another one of their intent. Within a scope that disposes of what is made on the way.</summary>
    /// <param name="views">[views, numbers].</param>
    /// <param name="classes">The intent of each view.</param>
    public static Tensor Of(Tensor views, int[] classes)
    {
        var count = classes.Length;
        var (self, attracts) = (new float[count * count], new float[count * count]);
        for (var i = 0; i < count; i++)
        {
            self[(i * count) + i] = Far;
            int[] alike = [.. Enumerable.Range(0, count).Where(j => j != i && classes[j] == classes[i])];
            foreach (var j in alike) attracts[(i * count) + j] = 1f / alike.Length;
        }

        var unit = nn.functional.normalize(views, dim: 1);
        var likeness = (unit * Tensors.Aligned([1 / Temperature], 1)).matmul(unit.t());
        return (nn.functional.log_softmax(TextNetwork.Sum(likeness, Tensors.Aligned(self, count, count)), 1) * Tensors.Aligned(attracts, count, count)).sum(1).mean().neg();
    }
}
