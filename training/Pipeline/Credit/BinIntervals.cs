namespace Serverless.Training.Credit;

/// <summary>Every interval of a column's prebins with its likelihood and share of bads, and the best partition into some of them.</summary>
internal sealed class BinIntervals
{
    private readonly int _count;

    // By (end, start), so that all intervals that end at a place lie side by side; NaN where an interval has too few rows.
    private readonly double[] _gain;
    private readonly double[] _share;

    /// <summary>Computes them.</summary>
    /// <param name="rows">Rows of each prebin.</param>
    /// <param name="bads">Bad loans of each prebin.</param>
    /// <param name="minRows">Fewest rows of an interval; all prebins together are always allowed.</param>
    public BinIntervals(double[] rows, double[] bads, double minRows)
    {
        _count = rows.Length;
        (_gain, _share) = (new double[(_count + 1) * _count], new double[(_count + 1) * _count]);
        var (n, e) = (Cumulate(rows), Cumulate(bads));
        for (var end = 1; end <= _count; end++)
        {
            for (var start = 0; start < end; start++)
            {
                var (inBin, bad) = (n[end] - n[start], e[end] - e[start]);
                var at = (end * _count) + start;
                _share[at] = bad / inBin;
                _gain[at] = end - start < _count && inBin < minRows ? double.NaN : XLogX(bad) + XLogX(inBin - bad) - XLogX(inBin);
            }
        }
    }

    /// <summary>The best partition.</summary>
    /// <param name="direction">1 where the share of bads must rise, -1 where it must fall, 0 where it moves freely.</param>
    /// <param name="turns">Whether it may turn once.</param>
    /// <param name="penalty">What a bin costs.</param>
    public (int[] Ends, double Value) Partition(int direction, bool turns, double penalty)
    {
        var phases = turns ? 2 : 1;
        var size = (_count + 1) * _count;
        var value = new double[phases * size];
        var from = new int[phases * size]; // 2 · start of the bin before + its phase
        Array.Fill(value, double.NegativeInfinity);
        for (var end = 1; end <= _count; end++)
        {
            for (var start = 0; start < end; start++)
            {
                var at = (end * _count) + start;
                var gain = _gain[at] - penalty;
                if (double.IsNaN(gain)) continue;
                if (start == 0)
                {
                    value[at] = gain;
                    continue;
                }

                var share = _share[at];
                var before = _share.AsSpan(start * _count, start);
                var straight = value.AsSpan(start * _count, start);
                var (best, bestFrom, turned, turnedFrom) = (double.NegativeInfinity, 0, double.NegativeInfinity, 0);
                for (var b = 0; b < before.Length; b++)
                {
                    var step = direction * (share - before[b]);
                    if (step >= 0 && straight[b] > best) (best, bestFrom) = (straight[b], 2 * b);
                    if (turns && step <= 0 && straight[b] > turned) (turned, turnedFrom) = (straight[b], 2 * b);
                }

                (value[at], from[at]) = (best + gain, bestFrom);
                if (!turns) continue;
                var after = value.AsSpan(size + (start * _count), start);
                for (var b = 0; b < before.Length; b++)
                {
                    if (direction * (share - before[b]) <= 0 && after[b] > turned) (turned, turnedFrom) = (after[b], (2 * b) + 1);
                }

                (value[size + at], from[size + at]) = (turned + gain, turnedFrom);
            }
        }

        return Trace(value, from, phases, size);
    }

    private (int[] Ends, double Value) Trace(double[] value, int[] from, int phases, int size)
    {
        var (most, start, phase) = (double.NegativeInfinity, 0, 0);
        for (var p = 0; p < phases; p++)
        {
            for (var s = 0; s < _count; s++)
            {
                if (value[(p * size) + (_count * _count) + s] is var found && found > most) (most, start, phase) = (found, s, p);
            }
        }

        List<int> ends = [_count];
        for (var end = _count; start > 0;)
        {
            ends.Add(start);
            var before = from[(phase * size) + (end * _count) + start];
            (end, start, phase) = (start, before / 2, before % 2);
        }

        ends.Reverse();
        return ([.. ends], most);
    }

    private static double XLogX(double x) => x > 0 ? x * Math.Log(x) : 0;

    private static double[] Cumulate(double[] values)
    {
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++) sums[i + 1] = sums[i] + values[i];
        return sums;
    }
}
