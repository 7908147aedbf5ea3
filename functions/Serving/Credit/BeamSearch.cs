namespace Serverless.Serving.Credit;

/// <summary>
/// Counterfactuals of a score that does not add up, by a beam search with a fixed budget of scored rows: every single change, then from the sets that got
/// nearest to approval every further change, and so on. What is found is made smaller as long as one column can go less far.
/// </summary>
internal sealed class BeamSearch(CounterfactualStart start, CounterfactualRules rules)
{
    // Rows that each number of columns may score: 3 times 1,000 rows of 300 trees take about 20 ms.
    private const int Budget = 1000;

    private readonly List<Trial> _found = [];

    /// <summary>Finds them, smallest first.</summary>
    public IReadOnlyList<Trial> Find()
    {
        IReadOnlyList<Trial> beam = [Trial.None];
        for (var size = 1; size <= Math.Min(rules.MaxColumns, start.Levers.Count) && _found.Count < rules.Most; size++)
        {
            var scored = Score([.. beam.SelectMany(Further).DistinctBy(t => string.Join(' ', t.Changes)).Take(size == 1 ? int.MaxValue : Budget)]);
            var answers = scored.Where(s => start.Suffices(s.Probability)).GroupBy(s => Set(s.Trial)).Select(set => Smallest(set.Select(s => s.Trial))).OfType<Trial>();
            _found.AddRange(answers.OrderBy(t => t.Distance).ThenBy(Set, StringComparer.Ordinal).Take(rules.Most - _found.Count));

            var width = Math.Max(1, Budget / start.Levers.Sum(l => l.Options.Count));
            beam = [.. scored.GroupBy(s => Set(s.Trial)).Select(set => set.MinBy(s => s.Probability)).OrderBy(s => s.Probability).ThenBy(s => Set(s.Trial), StringComparer.Ordinal).Select(s => s.Trial).Where(IsNew).Take(width)];
        }

        return _found;
    }

    private IEnumerable<Trial> Further(Trial trial) =>
        from lever in Enumerable.Range(0, start.Levers.Count)
        where !trial.Has(lever)
        from option in Enumerable.Range(0, start.Levers[lever].Options.Count)
        let further = Of([.. trial.Changes.Append((lever, option)).OrderBy(c => c.Item1)])
        where IsNew(further)
        select further;

    private bool IsNew(Trial trial) => !_found.Any(trial.Contains);

    private Trial? Smallest(IEnumerable<Trial> trials) =>
        trials.OrderBy(t => t.Distance).FirstOrDefault(start.Approves) is { } least ? Smaller(least) : null;

    private Trial Smaller(Trial trial)
    {
        for (var i = 0; i < trial.Changes.Length; i++)
        {
            var (lever, option) = trial.Changes[i];
            for (var nearer = 0; nearer < option; nearer++)
            {
                var tried = Of([.. trial.Changes.Select((c, place) => place == i ? (lever, nearer) : c)]);
                if (tried.Distance >= trial.Distance || Score([tried]) is not [var only] || !start.Suffices(only.Probability) || !start.Approves(tried)) continue;
                (trial, i) = (tried, -1);
                break;
            }
        }

        return trial;
    }

    private List<(Trial Trial, double Probability)> Score(IReadOnlyList<Trial> trials)
    {
        var columns = start.Bins.Length;
        var bins = new long[trials.Count * columns];
        List<Trial> read = [];
        foreach (var trial in trials)
        {
            if (start.TryBins(trial, bins.AsSpan(read.Count * columns, columns))) read.Add(trial);
        }

        if (read.Count == 0) return [];
        var (points, probabilities) = (new double[read.Count], new double[read.Count]);
        start.Scorer.ScoreRows(bins.AsMemory(0, read.Count * columns), points, probabilities);
        return [.. read.Zip(probabilities)];
    }

    private Trial Of((int Lever, int Option)[] changes) => new(changes, changes.Sum(c => start.Levers[c.Lever].Options[c.Option].Distance));

    private static string Set(Trial trial) => string.Join(' ', trial.Changes.Select(c => c.Lever));
}
