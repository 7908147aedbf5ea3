using System.Globalization;

namespace Serverless.Training.Credit.LightGbm;

/// <summary>A split of a tree: rows whose value is at most the threshold, or in the set, go left.</summary>
/// <param name="Feature">The feature's place.</param>
/// <param name="Threshold">For numbers.</param>
/// <param name="Members">For categories: the values that go left; else null.</param>
/// <param name="MissingLeft">Whether NaN goes left.</param>
/// <param name="Left">The split on the left; below 0 the complement of a leaf.</param>
/// <param name="Right">The split on the right, likewise.</param>
/// <param name="LeftShare">Share of the training rows of the split that went left.</param>
/// <param name="Gain">What it gained of the objective.</param>
internal sealed record TreeSplit(int Feature, double Threshold, int[]? Members, bool MissingLeft, int Left, int Right, double LeftShare, double Gain = 0);

/// <summary>A tree of a trained model.</summary>
/// <param name="Splits">Its splits, the root first; none where the tree is one leaf.</param>
/// <param name="Leaves">Log-odds of each leaf.</param>
internal sealed record BoostedTree(IReadOnlyList<TreeSplit> Splits, double[] Leaves)
{
    private const int Categorical = 1, DefaultLeft = 2, MissingShift = 2, MissingNaN = 2;

    /// <summary>Reads LightGBM's text form, version 4.</summary>
    public static IReadOnlyList<BoostedTree> ParseAll(string text) =>
        [.. text.Split("\nTree=").Skip(1).Select(t => Parse(t[..(t.IndexOf("\n\n", StringComparison.Ordinal) is var end and >= 0 ? end : t.Length)]))];

    private static BoostedTree Parse(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var leaves = Reals("leaf_value");
        if (leaves.Length < 2) return new BoostedTree([], leaves.Length == 0 ? [0] : leaves);
        var (features, thresholds, kinds) = (Integers("split_feature"), Reals("threshold"), Integers("decision_type"));
        var (left, right, inLeaf, inSplit) = (Integers("left_child"), Integers("right_child"), Integers("leaf_count"), Integers("internal_count"));
        var gains = Reals("split_gain");
        var categorical = lines["num_cat"] != "0";
        var (starts, words) = categorical ? (Integers("cat_boundaries"), Integers("cat_threshold")) : ([], []);
        return new BoostedTree([.. features.Select((feature, i) => new TreeSplit(
            feature, thresholds[i], (kinds[i] & Categorical) == 0 ? null : Members((int)thresholds[i]),
            // Without NaN in training it counts as 0.
            (kinds[i] & Categorical) == 0 && (kinds[i] >> MissingShift == MissingNaN ? (kinds[i] & DefaultLeft) != 0 : thresholds[i] >= 0),
            left[i], right[i], Count(left[i]) / (Count(left[i]) + Count(right[i])), gains[i]))], leaves);

        double Count(int child) => child < 0 ? inLeaf[~child] : inSplit[child];

        int[] Members(int set) => [.. Enumerable.Range(0, 32 * (starts[set + 1] - starts[set])).Where(v => (words[starts[set] + (v / 32)] >> (v % 32) & 1) == 1)];

        // A split that parts missing from all others has the threshold inf, as C++ writes it.
        double[] Reals(string name) => [.. Words(name).Select(word => word == "inf" ? double.PositiveInfinity : double.Parse(word, CultureInfo.InvariantCulture))];

        int[] Integers(string name) => [.. Words(name).Select(word => unchecked((int)long.Parse(word, CultureInfo.InvariantCulture)))];

        string[] Words(string name) => lines[name].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
