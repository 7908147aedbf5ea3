namespace Serverless.Serving.Credit;

/// <summary>Checks that nodes are trees: every split and leaf is reached once, from one root.</summary>
internal static class TreeShapes
{
    /// <summary>Checks and measures them.</summary>
    /// <exception cref="InvalidModelException">A child is missing, reached twice, or too deep, or something is not reached.</exception>
    public static TreeEnsemble.Tree[] Check(TreeEnsemble.Split[] splits, int leaves, IReadOnlyList<long> roots, int features)
    {
        var (seen, seenLeaves, onPath) = (new bool[splits.Length], new bool[leaves], new int[features]);
        var trees = new TreeEnsemble.Tree[roots.Count];
        for (var t = 0; t < trees.Length; t++)
        {
            if (roots[t] < 0 || roots[t] >= splits.Length) throw TreeGraph.Fault($"the root of tree {t} is not there");
            int depth = 0, distinct = 0;
            Visit((int)roots[t], 1, 0, ref depth, ref distinct);
            trees[t] = new TreeEnsemble.Tree((int)roots[t], depth, distinct);
        }

        if (seen.Contains(false) || seenLeaves.Contains(false)) throw TreeGraph.Fault("it has nodes or leaves that no tree reaches");
        return trees;

        void Visit(int at, int depth, int features, ref int deepest, ref int most)
        {
            if (depth > TreeEnsemble.MaxDepth) throw TreeGraph.Fault($"a tree is deeper than {TreeEnsemble.MaxDepth}");
            var reached = at < 0 ? seenLeaves : seen;
            var place = at < 0 ? ~at : at;
            if (place >= reached.Length) throw TreeGraph.Fault("a node has a child that is not there");
            if (reached[place]) throw TreeGraph.Fault("a node or leaf is reached twice");
            reached[place] = true;
            if (at < 0) return;
            var player = splits[at].Player;
            if (onPath[player]++ == 0) features++;
            (deepest, most) = (Math.Max(deepest, depth), Math.Max(most, features));
            Visit(splits[at].Left, depth + 1, features, ref deepest, ref most);
            Visit(splits[at].Right, depth + 1, features, ref deepest, ref most);
            onPath[player]--;
        }
    }
}
