namespace Serverless.Serving.Credit;

/// <summary>
/// The smallest counterfactuals of a score that adds up, by branch and bound: the sets of one lever, then of two, and so on; in each the options
/// by ascending distance, left as soon as the distance is above the best that is known or even the most that is left to gain does not suffice.
/// </summary>
internal sealed class ExactSearch
{
    private readonly CounterfactualStart _start;
    private readonly CounterfactualRules _rules;
    private readonly Scorecard _table;
    private readonly long _points;
    private readonly long[] _bins;
    private readonly double[][] _gains;
    private readonly double[] _greatest;
    private readonly List<Trial> _found = [];
    private readonly List<Trial> _best = [];

    public ExactSearch(CounterfactualStart start, CounterfactualRules rules)
    {
        (_start, _rules, _table, _bins) = (start, rules, start.Scorer.Card, new long[start.Bins.Length]);
        (_points, _) = _table.ScoreOf(start.Bins);
        _gains = [.. start.Levers.Select(lever => lever.Options.Select(option => Gain(lever, option)).ToArray())];
        _greatest = [.. _gains.Select(g => g.Max())];
    }

    /// <summary>Finds them, smallest first.</summary>
    public IReadOnlyList<Trial> Find()
    {
        for (var size = 1; size <= Math.Min(_rules.MaxColumns, _start.Levers.Count) && _found.Count < _rules.Most; size++)
        {
            _best.Clear();
            Choose(new int[size], 0, 0);
            _found.AddRange(_best);
        }

        return _found;
    }

    // Every set of levers, in the contract's order.
    private void Choose(int[] levers, int chosen, double gain)
    {
        if (chosen == levers.Length)
        {
            if (_found.Any(f => f.Changes.All(c => levers.Contains(c.Lever)))) return;
            var changes = new (int, int)[levers.Length];
            Trial? least = null;
            Descend(levers, changes, 0, 0, 0, ref least);
            if (least is null) return;
            var at = _best.FindIndex(b => b.Distance > least.Distance);
            _best.Insert(at < 0 ? _best.Count : at, least);
            if (_best.Count > _rules.Most - _found.Count) _best.RemoveAt(_best.Count - 1);
            return;
        }

        for (var next = chosen == 0 ? 0 : levers[chosen - 1] + 1; next <= _start.Levers.Count - (levers.Length - chosen); next++)
        {
            var greatest = _greatest.Skip(next + 1).OrderDescending().Take(levers.Length - chosen - 1).Sum(g => Math.Max(g, 0));
            if (!Suffices(gain + _greatest[next] + greatest)) continue;
            levers[chosen] = next;
            Choose(levers, chosen + 1, gain + _greatest[next]);
        }
    }

    // The nearest options of one set.
    private void Descend(int[] levers, (int, int)[] changes, int depth, double distance, double gain, ref Trial? least)
    {
        if (depth == levers.Length)
        {
            var trial = new Trial([.. changes], distance);
            if (_start.TryBins(trial, _bins) && _start.Suffices(_table.ScoreOf(_bins).Probability) && _start.Approves(trial)) least = trial;
            return;
        }

        var (ahead, nearest) = (0.0, 0.0);
        foreach (var lever in levers.AsSpan(depth + 1))
        {
            ahead += _greatest[lever];
            nearest += _start.Levers[lever].Options[0].Distance;
        }

        foreach (var (place, option) in _start.Levers[levers[depth]].Options.Index())
        {
            if (distance + option.Distance + nearest >= Bound(least)) return;
            if (!Suffices(gain + _gains[levers[depth]][place] + ahead)) continue;
            changes[depth] = (levers[depth], place);
            Descend(levers, changes, depth + 1, distance + option.Distance, gain + _gains[levers[depth]][place], ref least);
        }
    }

    private double Bound(Trial? least) => Math.Min(least?.Distance ?? double.PositiveInfinity, _best.Count == _rules.Most - _found.Count ? _best[^1].Distance : double.PositiveInfinity);

    private bool Suffices(double gain) => _start.Suffices(_table.ProbabilityOf((_points + gain) / 100.0));

    // At least what an option adds, whatever the other levers do: of a pair the best cell that the other column can reach. A gain may be counted for both
    // columns of a pair; a loss only half for each, so that the sum over levers is never below the truth.
    private double Gain(Lever lever, LeverOption option)
    {
        double gain = lever.Places.Sum(p => _table.Columns[p].Bins[(int)option.Bins[p]].Points - _table.Columns[p].Bins[(int)_start.Bins[p]].Points);
        foreach (var pair in _table.Pairs.Where(p => lever.Places.Contains(p.First) || lever.Places.Contains(p.Second)))
        {
            var (firsts, seconds) = (Reachable(lever, option, pair.First), Reachable(lever, option, pair.Second));
            var best = firsts.Max(first => seconds.Max(second => pair.Points[(pair.FirstGroups[(int)first] * pair.Width) + pair.SecondGroups[(int)second]])) - pair.PointsOf(_start.Bins);
            gain += best < 0 ? best / 2.0 : best;
        }

        return gain;
    }

    private IEnumerable<long> Reachable(Lever lever, LeverOption option, int place) => lever.Places.Contains(place)
        ? [option.Bins[place]]
        : _start.Levers.Where(l => l.Places.Contains(place)).SelectMany(l => l.Options.Select(o => o.Bins[place])).Append(_start.Bins[place]).Distinct();
}
