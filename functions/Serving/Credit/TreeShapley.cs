using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Serving.Credit;

/// <summary>
/// Shapley values of one tree by the multilinear extension (Owen 1972): a feature's value is the integral over t from 0 to 1 of the mean
/// gain of knowing it when every other one is known with probability t. On a path each feature has a factor <c>z (1 - t) + o t</c>, where
/// z is the share of training rows that its splits let through and o whether the row itself passes. The product is a polynomial in t, so
/// Gauss-Legendre quadrature with half as many points as features is exact. One pass over the tree; four points are one vector.
/// </summary>
internal static class TreeShapley
{
    private const int Lanes = 4;
    private const int OnStack = 512; // vectors

    private static readonly Quadrature[] Quadratures = [.. Enumerable.Range(1, TreeEnsemble.MaxDepth / 2 / Lanes).Select(v => new Quadrature(v * Lanes))];

    /// <summary>Adds the values of a tree to those of its players.</summary>
    public static void Add(TreeEnsemble trees, in TreeEnsemble.Tree tree, ReadOnlySpan<long> bins, Span<double> ofPlayers)
    {
        var vectors = Math.Max(1, (((tree.Distinct + 1) / 2) + Lanes - 1) / Lanes);
        var size = vectors * ((4 * (tree.Depth + 2)) + (2 * ofPlayers.Length));
        Span<Vector256<double>> memory = size <= OnStack ? stackalloc Vector256<double>[size] : new Vector256<double>[size];
        Span<(double Z, double O)> state = stackalloc (double, double)[ofPlayers.Length];
        state.Fill((1, 1));
        memory.Fill(Vector256<double>.One);
        var walk = new Walk(trees, bins, ofPlayers, state, memory, Quadratures[vectors - 1], vectors);
        walk.Visit(tree.Root, 0);
    }

    /// <summary>Points and weights on [0, 1].</summary>
    private sealed class Quadrature
    {
        public Quadrature(int points)
        {
            double[] t = new double[points], w = new double[points];
            for (var i = 0; i < points; i++)
            {
                // Newton's method on the Legendre polynomial, from Tricomi's approximation of its root.
                var x = Math.Cos(Math.PI * (i + 0.75) / (points + 0.5));
                double slope = 0;
                for (var step = 0; step < 100; step++)
                {
                    var (last, value) = (1.0, x);
                    for (var n = 2; n <= points; n++) (last, value) = (value, ((((2 * n) - 1) * x * value) - ((n - 1) * last)) / n);
                    slope = points * ((x * value) - last) / ((x * x) - 1);
                    var move = value / slope;
                    x -= move;
                    if (Math.Abs(move) < 1e-16) break;
                }

                (t[i], w[i]) = ((1 + x) / 2, 1 / ((1 - (x * x)) * slope * slope));
            }

            (Known, Weights) = (MemoryMarshal.Cast<double, Vector256<double>>(t).ToArray(), MemoryMarshal.Cast<double, Vector256<double>>(w).ToArray());
            Unknown = Array.ConvertAll(Known, known => Vector256<double>.One - known);
        }

        public Vector256<double>[] Known { get; }

        public Vector256<double>[] Unknown { get; }

        public Vector256<double>[] Weights { get; }
    }

    // A frame holds the product on the way down, what comes back, and the factor of the split's feature above it; behind the frames lie the
    // factor of each player and its inverse.
    private readonly ref struct Walk(
        TreeEnsemble trees, ReadOnlySpan<long> bins, Span<double> ofPlayers, Span<(double Z, double O)> state, Span<Vector256<double>> memory, Quadrature quadrature, int vectors)
    {
        private readonly ReadOnlySpan<long> _bins = bins;
        private readonly Span<double> _ofPlayers = ofPlayers;
        private readonly Span<(double Z, double O)> _state = state;
        private readonly Span<Vector256<double>> _memory = memory;
        private readonly ref readonly Vector256<double> _known = ref MemoryMarshal.GetArrayDataReference(quadrature.Known);
        private readonly ref readonly Vector256<double> _unknown = ref MemoryMarshal.GetArrayDataReference(quadrature.Unknown);
        private readonly ref readonly Vector256<double> _weights = ref MemoryMarshal.GetArrayDataReference(quadrature.Weights);

        public void Visit(int at, int depth)
        {
            ref readonly var split = ref trees.SplitAt(at);
            var left = trees.GoesLeft(split, _bins[split.Column]);
            var frame = _memory.Slice(depth * 4 * vectors, 8 * vectors);
            var product = frame[..vectors];
            var back = frame.Slice(vectors, vectors);
            var before = frame.Slice(2 * vectors, vectors);
            var inverseBefore = frame.Slice(3 * vectors, vectors);
            back.Clear();
            var players = _memory.Slice(_memory.Length - (2 * vectors * (split.Player + 1)), 2 * vectors);
            var factor = players[..vectors];
            var inverse = players[vectors..];
            factor.CopyTo(before);
            inverse.CopyTo(inverseBefore);
            var old = _state[split.Player];
            var gained = Vector256<double>.Zero;
            for (var side = 0; side < 2; side++)
            {
                var onLeft = side == 0;
                var z = old.Z * (onLeft ? split.LeftShare : 1 - split.LeftShare);
                var o = onLeft == left ? old.O : 0;
                if (z <= 0 && o <= 0) continue;
                var child = onLeft ? split.Left : split.Right;
                ref var below = ref frame[4 * vectors];
                for (var v = 0; v < vectors; v++)
                {
                    factor[v] = (Unsafe.Add(ref Unsafe.AsRef(in _unknown), v) * z) + (Unsafe.Add(ref Unsafe.AsRef(in _known), v) * o);
                    inverse[v] = Vector256<double>.One / factor[v];
                    Unsafe.Add(ref below, v) = product[v] * inverseBefore[v] * factor[v];
                }

                ref var result = ref below;
                if (child < 0)
                {
                    var leaf = trees.LeafAt(~child);
                    for (var v = 0; v < vectors; v++) Unsafe.Add(ref below, v) *= leaf;
                }
                else
                {
                    _state[split.Player] = (z, o);
                    Visit(child, depth + 1);
                    result = ref Unsafe.Add(ref below, vectors);
                }

                for (var v = 0; v < vectors; v++)
                {
                    var r = Unsafe.Add(ref result, v);
                    back[v] += r;
                    gained += Unsafe.Add(ref Unsafe.AsRef(in _weights), v) * r * ((inverse[v] * (o - z)) - (inverseBefore[v] * (old.O - old.Z)));
                }
            }

            before.CopyTo(factor);
            inverseBefore.CopyTo(inverse);
            _state[split.Player] = old;
            _ofPlayers[split.Player] += Vector256.Sum(gained);
        }
    }
}
