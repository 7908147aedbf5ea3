using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;

namespace Serverless.Serving.Credit;

/// <summary>
/// Shapley values of trees whose unknown features follow the shares of the training rows (path-dependent TreeSHAP, Lundberg et al. 2020), computed in time
/// proportional to the leaves. A Shapley value is an integral of the multilinear extension (Owen 1972): for a leaf of value v, with for each feature f on its
/// path z = the share of rows that pass all of its conditions and o = 1 or 0 whether this row does, it is
/// <c>v ∫ (o_f − z_f) ∏_{j≠f} (z_j (1 − t) + o_j t) dt</c> over t from 0 to 1. That is a polynomial in t, which Gauss's quadrature with half as many points as
/// features on a path integrates exactly. One walk over a tree carries the product at those points down and the leaves' sums up.
/// </summary>
internal static class TreeShapley
{
    private static readonly ConcurrentDictionary<int, (double[] Points, double[] Weights)> Rules = new();

    /// <summary>Computes.</summary>
    /// <param name="nodes">The trees.</param>
    /// <param name="bins">The bin of each column.</param>
    /// <param name="ofColumns">Gets the log-odds of each column; columns without a node get 0.</param>
    public static void Add(TreeNodes nodes, ReadOnlySpan<long> bins, Span<double> ofColumns)
    {
        ofColumns.Clear();
        if (nodes.Depth == 0) return;
        var lanes = Vector<double>.Count;
        var width = ((Math.Min(nodes.Depth, nodes.ColumnOfFeature.Length) / 2) + lanes) / lanes * lanes;
        var (points, weights) = Rules.GetOrAdd(width, GaussLegendre);
        var features = nodes.ColumnOfFeature.Length;
        var buffer = ArrayPool<double>.Shared.Rent((2 * (nodes.Depth + 1) * width) + (3 * features));
        var products = buffer.AsSpan(0, (nodes.Depth + 1) * width);
        var sums = buffer.AsSpan(products.Length, products.Length);
        var share = buffer.AsSpan(2 * products.Length, features);
        var holds = buffer.AsSpan((2 * products.Length) + features, features);
        var given = buffer.AsSpan((2 * products.Length) + (2 * features), features);
        share.Fill(1);
        holds.Fill(1);
        given.Clear();
        products[..width].Fill(1);
        var walk = new Walk(nodes, bins, points, weights, products, sums, share, holds, given);
        foreach (var root in nodes.Roots) walk.Visit(root, 0);
        for (var f = 0; f < features; f++) ofColumns[nodes.ColumnOfFeature[f]] += given[f];
        ArrayPool<double>.Shared.Return(buffer);
    }

    private readonly ref struct Walk(
        TreeNodes nodes, ReadOnlySpan<long> bins, double[] points, double[] weights, Span<double> products, Span<double> sums, Span<double> share, Span<double> holds, Span<double> given)
    {
        private readonly TreeNodes _nodes = nodes;
        private readonly ReadOnlySpan<long> _bins = bins;
        private readonly double[] _points = points;
        private readonly double[] _weights = weights;
        private readonly Span<double> _products = products;
        private readonly Span<double> _sums = sums;
        private readonly Span<double> _share = share;
        private readonly Span<double> _holds = holds;
        private readonly Span<double> _given = given;

        // Leaves in _sums at its depth what the leaves below give, at each point.
        public void Visit(int at, int depth)
        {
            var width = _points.Length;
            var sum = _sums.Slice(depth * width, width);
            if (at < 0)
            {
                var leaf = _nodes.Leaves[~at];
                var product = _products.Slice(depth * width, width);
                for (var q = 0; q < width; q++) sum[q] = leaf * product[q];
                return;
            }

            sum.Clear();
            var goesTrue = _nodes.GoesTrue[at][(int)_bins[_nodes.ColumnOfFeature[_nodes.Feature[at]]]];
            Branch(at, depth, _nodes.True[at], _nodes.TrueShare[at], goesTrue);
            Branch(at, depth, _nodes.False[at], 1 - _nodes.TrueShare[at], !goesTrue);
        }

        // A feature that comes up again leaves its earlier factor and takes a new one; so do its shares of what it gives.
        private void Branch(int at, int depth, int child, double childShare, bool taken)
        {
            var feature = _nodes.Feature[at];
            var (before, held) = (_share[feature], _holds[feature]);
            var (now, holds) = (before * childShare, taken ? held : 0);
            if (now == 0 && holds == 0) return; // nothing comes here: every product below is 0
            var width = _points.Length;
            var parent = _products.Slice(depth * width, width);
            var own = _products.Slice((depth + 1) * width, width);
            var (moved, moves) = (held - before, holds - now);
            for (var q = 0; q < width; q += Vector<double>.Count)
            {
                var t = new Vector<double>(_points, q);
                var factor = (new Vector<double>(now) + (t * moves)) / (new Vector<double>(before) + (t * moved));
                (new Vector<double>(parent[q..]) * factor).CopyTo(own[q..]);
            }

            (_share[feature], _holds[feature]) = (now, holds);
            Visit(child, depth + 1);
            (_share[feature], _holds[feature]) = (before, held);
            var sum = _sums.Slice(depth * width, width);
            var below = _sums.Slice((depth + 1) * width, width);
            var given = Vector<double>.Zero;
            for (var q = 0; q < width; q += Vector<double>.Count)
            {
                var (t, r) = (new Vector<double>(_points, q), new Vector<double>(below[q..]));
                (new Vector<double>(sum[q..]) + r).CopyTo(sum[q..]);
                var change = (new Vector<double>(moves) / (new Vector<double>(now) + (t * moves))) - (new Vector<double>(moved) / (new Vector<double>(before) + (t * moved)));
                given += new Vector<double>(_weights, q) * r * change;
            }

            _given[feature] += Vector.Sum(given);
        }
    }

    /// <summary>Points between 0 and 1 and weights of Gauss's quadrature, exact for polynomials of degree 2n − 1; by Newton's method on Legendre's polynomial.</summary>
    internal static (double[] Points, double[] Weights) GaussLegendre(int n)
    {
        var (points, weights) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            var x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 0;
            for (var step = 0; step < 100; step++)
            {
                double last = 1, value = x;
                for (var k = 2; k <= n; k++) (last, value) = (value, (((2 * k) - 1) * x * value - ((k - 1) * last)) / k);
                slope = n == 1 ? 1 : n * ((x * value) - last) / ((x * x) - 1);
                var move = value / slope;
                x -= move;
                if (Math.Abs(move) < 1e-15) break;
            }

            (points[i], weights[i]) = ((1 - x) / 2, 1 / ((1 - (x * x)) * slope * slope));
        }

        return (points, weights);
    }
}
