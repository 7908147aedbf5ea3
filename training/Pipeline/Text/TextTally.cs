using Serverless.Serving.Text;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training.Text;

/// <summary>What is seen of a text drop row by row.</summary>
/// <param name="contract">The contract that it is read under.</param>
/// <param name="context">What is known besides.</param>
internal sealed class TextTally(TextContract contract, ReadingContext context)
{
    // A label of fewer rows may be anything: a column that slipped, or a customer's name.
    private const int LeastRows = 10;
    private const int SampledLengths = 50_000;

    private readonly Dictionary<ulong, int> _labelOf = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<int> _counts = [];
    private readonly Reservoir _reservoir = new(SampledLengths, contract.Training.Seed);
    private readonly double[] _lengths = new double[SampledLengths];
    private int _empty, _tooLong, _duplicates, _contradictions;

    /// <summary>Rows that repeat the id of an earlier one.</summary>
    public int RepeatedIds { get; set; }

    /// <summary>Counts a row in error by its text.</summary>
    public void AddFault(ReadOnlySpan<char> text)
    {
        if (text.IsWhiteSpace()) _empty++;
        else if (text.Length > contract.MaxLength) _tooLong++;
    }

    /// <summary>Counts a row that can be used.</summary>
    public void Add(ReadOnlySpan<char> text, string label)
    {
        if (!_places.TryGetValue(label, out var place))
        {
            _places[label] = place = _counts.Count;
            _counts.Add(0);
        }

        _counts[place]++;
        if (!_labelOf.TryAdd(RowHash.Of(text.Trim()), place))
        {
            if (_labelOf[RowHash.Of(text.Trim())] == place) _duplicates++;
            else _contradictions++;
        }

        if (_reservoir.Take() is >= 0 and var at) _lengths[at] = text.Length;
    }

    /// <summary>What was seen.</summary>
    public DropQuality Quality(LocalDrop drop, int rows, RowFaults faults, IReadOnlyList<string> reasons)
    {
        var lengths = _lengths[.._reservoir.Count];
        Array.Sort(lengths);
        var champion = context.Champion?.Of(contract.LabelColumn);
        var intents = _places.Where(p => p.Key != contract.OutOfScopeLabel).ToList();
        var named = intents.Where(p => _counts[p.Value] >= LeastRows || champion?.Values?.ContainsKey(p.Key) == true).ToDictionary(p => p.Key, p => _counts[p.Value]);
        var quality = new DropQuality
        {
            Family = contract.Family,
            Portfolio = contract.Portfolio,
            ContractVersion = contract.Version,
            DataSha256 = drop.Sha256,
            ReadAt = context.Now,
            Reasons = reasons,
            Rows = rows,
            RowsInError = faults.Rows,
            RepeatedIds = RepeatedIds,
            FirstFaults = faults.First,
            ComparedWith = champion is null ? null : context.ChampionVersion,
            Texts = new(
                _empty, _tooLong, _duplicates, _contradictions, contract.OutOfScopeLabel is { } none && _places.TryGetValue(none, out var place) ? _counts[place] : 0, intents.Count,
                new SortedDictionary<string, int>(named, StringComparer.Ordinal), intents.Sum(p => _counts[p.Value]) - named.Values.Sum(),
                lengths.Length == 0 ? new Dictionary<string, double>() : NumberFigures.Quantiles(lengths), Moved(champion, intents)),
        };
        return quality with { Findings = Findings.Of(quality) };
    }

    /// <summary>The shares of the intents that a model was trained on; a model holds the names of all of its intents.</summary>
    public static ModelProfile Reference(TextRows rows)
    {
        var counts = rows.InScope.CountBy(r => r.Class).ToDictionary();
        return new ModelProfile
        {
            Rows = rows.Count,
            Columns =
            [
                new()
                {
                    Name = rows.Contract.LabelColumn,
                    Rows = rows.InScope.Count,
                    Values = new SortedDictionary<string, double>(counts.ToDictionary(c => rows.Intents[c.Key], c => (double)c.Value / rows.InScope.Count), StringComparer.Ordinal),
                },
            ],
        };
    }

    private Movement? Moved(ReferenceColumn? champion, List<KeyValuePair<string, int>> intents)
    {
        if (champion?.Values is null) return null;
        double[] now = [.. champion.Values.Keys.Select(v => (double)(_places.TryGetValue(v, out var place) ? _counts[place] : 0)), 0, 0];
        now[^2] = intents.Sum(p => _counts[p.Value]) - now.Sum();
        return Movement.Of(champion.Expected(), now);
    }
}
