namespace Serverless.Serving.Credit;

/// <summary>Which numbers an applicant can change a column to: multiples of its step within its bounds, on the side that its direction allows.</summary>
internal sealed class LeverValues
{
    // Beyond it a decimal does not hold whole steps of a number any more.
    private const double Greatest = 1e15;
    private const int MostScanned = 128;

    private readonly decimal _step;
    private readonly long _least;
    private readonly long _most;
    private readonly double _present;
    private readonly ScorecardColumn? _binned;

    /// <summary>Prepares a number, or a date in days.</summary>
    /// <param name="column">The contract's column.</param>
    /// <param name="binned">The column of the model; null where it bins only what is computed from it.</param>
    /// <param name="present">The present value.</param>
    /// <param name="bounds">Least and greatest value that can be reached.</param>
    public LeverValues(Column column, ScorecardColumn? binned, double present, (double Least, double Most) bounds)
    {
        (_present, _binned) = (present, binned);
        var step = column.Change?.Step ?? (column.Type == ColumnType.Date ? 1 : Round(present, binned));
        if (step * 1e12 < Math.Abs(present) || Math.Abs(present) > Greatest) (_step, _least, _most) = (1, 1, 0);
        else
        {
            _step = (decimal)step;
            var range = Math.Min(Greatest, step * 1e15);
            _least = (long)Math.Ceiling((decimal)Math.Clamp(bounds.Least, -range, range) / _step);
            _most = (long)Math.Floor((decimal)Math.Clamp(bounds.Most, -range, range) / _step);
        }
    }

    /// <summary>For each bin the nearest value, where it has one.</summary>
    public IEnumerable<decimal> Nearest()
    {
        if (_binned is not { Cuts: var cuts } || _least > _most) yield break;
        var bin = _binned.BinOf(_present);
        for (var k = 0; k <= cuts.Count; k++)
        {
            if (k == bin) continue;

            // Bins hold their upper cut and not their lower one.
            var multiple = k < bin ? Floor(cuts[k]) : Floor(cuts[k - 1]) + 1;
            var value = _step * Math.Clamp(multiple, _least, _most);
            if (_binned.BinOf((double)value) == k) yield return value;
        }
    }

    /// <summary>Values on both sides of the present one at which something else changes, nearest first on each side; the first with each new state.</summary>
    /// <param name="stateOf">What there is at a value, such as the bins of the columns that are computed from it.</param>
    public IEnumerable<decimal> Changes(Func<decimal, string?> stateOf)
    {
        var here = Floor(_present);
        var below = (decimal)_present == here * _step ? here - 1 : here;
        foreach (var (first, last, ahead) in new[] { (Math.Max(here + 1, _least), _most, 1), (Math.Min(below, _most), _least, -1) })
        {
            if ((last - first) * ahead < 0) continue;
            var stride = Math.Max(1, Math.Abs(last - first) / MostScanned);
            string? state = null;
            var (at, before) = (first, first);
            while (true)
            {
                if (stateOf(_step * at) is var now && (at == first || now != state))
                {
                    yield return _step * Turn(before, at, state, stateOf);
                    state = now;
                }

                if (at == last) break;
                before = at;
                at = Math.Abs(last - at) <= stride ? last : at + (ahead * stride);
            }
        }
    }

    // The first multiple behind one that has a state, up to one that has another; by halving.
    private long Turn(long with, long without, string? state, Func<decimal, string?> stateOf)
    {
        while (Math.Abs(without - with) > 1)
        {
            var middle = with + ((without - with) / 2);
            if (stateOf(_step * middle) == state) with = middle;
            else without = middle;
        }

        return without;
    }

    private long Floor(double value) => (long)Math.Floor(Math.Clamp((decimal)Math.Clamp(value, -Greatest, Greatest) / _step, -1e15m, 1e15m));

    // The power of ten of at most a twentieth of what the cuts span; whole where cuts, between whole numbers, and value are.
    private static double Round(double present, ScorecardColumn? binned)
    {
        IReadOnlyList<double> cuts = binned?.Cuts ?? [];
        var span = cuts.Count > 1 ? cuts[^1] - cuts[0] : Math.Abs(cuts.Count > 0 ? cuts[0] : present);
        var step = span > 0 ? Math.Pow(10, Math.Floor(Math.Log10(span / 20))) : 1;
        return cuts.All(c => double.IsInteger(2 * c)) && double.IsInteger(present) ? Math.Max(1, step) : step;
    }
}
