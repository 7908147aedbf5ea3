using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>
/// The table of a credit model, <c>features.json</c> of its bundle: the bins of every column. Where the model adds up (<see cref="Kind"/>), the
/// score of an application is <see cref="BasePoints"/> plus the points of one bin in each column and of one cell in each of <see cref="Pairs"/>;
/// these are integers, hundredths of a point, so sums are exact. Boosted trees give the score themselves, and the points of a bin are what it
/// does to it on average.
/// </summary>
/// <param name="BasePoints">Points that everyone starts with, in hundredths.</param>
/// <param name="Columns">The columns in the order of the graph's input <c>bins</c>.</param>
/// <param name="Slope">With <paramref name="Intercept"/> turns points (not hundredths) into the probability of a bad loan, after Platt (1999): <c>sigmoid(Slope · points + Intercept)</c>; below 0.</param>
/// <param name="Intercept">See <paramref name="Slope"/>.</param>
public sealed record Scorecard(long BasePoints, IReadOnlyList<ScorecardColumn> Columns, double Slope, double Intercept)
{
    /// <summary>What kind of model it is the table of.</summary>
    public ModelKind Kind { get; init; }

    /// <summary>What two columns give together; only in a glass box.</summary>
    public IReadOnlyList<PairTerm> Pairs { get; init; } = [];

    /// <summary>The score by the table, for models that add up: points in hundredths, and the probability of a bad loan.</summary>
    /// <param name="bins">The bin of each column.</param>
    public (long Points, double Probability) ScoreOf(ReadOnlySpan<long> bins)
    {
        var points = BasePoints;
        for (var i = 0; i < bins.Length; i++) points += Columns[i].Bins[(int)bins[i]].Points;
        for (var i = 0; i < Pairs.Count; i++) points += Pairs[i].PointsOf(bins);
        return (points, ProbabilityOf(points / 100.0));
    }

    /// <summary>The probability of a bad loan at some points (not hundredths).</summary>
    public double ProbabilityOf(double points) => 1 / (1 + Math.Exp(-((Slope * points) + Intercept)));

    /// <summary>Compares with the contract that it is served under.</summary>
    /// <exception cref="InvalidModelException">With the first thing that does not fit.</exception>
    internal void CheckAgainst(CreditContract contract)
    {
        if (Columns.Count == 0) throw Unfit("it has no columns");
        if (!double.IsFinite(Slope) || !double.IsFinite(Intercept)) throw Unfit("its slope or intercept is not finite");
        var inputs = contract.Columns.Where(c => c.Role == ColumnRole.Input).ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (var column in Columns)
        {
            if (!inputs.Remove(column.Name, out var input)) throw Unfit($"'{column.Name}' is there twice or is no input of the contract");
            if (column.Type != input.Type) throw Unfit($"'{column.Name}' has another type than in the contract");
            var bins = column.MissingBin + 1 + input.Special.Count + (column.Type == ColumnType.Category ? 1 : 0);
            if (column.Bins.Count != bins) throw Unfit($"'{column.Name}' has {column.Bins.Count} bins instead of {bins}");
            if (column.Cuts.Zip(column.Cuts.Skip(1)).Any(c => !(c.First < c.Second))) throw Unfit($"the cuts of '{column.Name}' do not ascend");
            if ((Kind == ModelKind.Imported && column.Type != ColumnType.Category) != (column.Values is not null) || (column.Values?.Count ?? bins) != bins)
                throw Unfit($"'{column.Name}' has not the values that its kind of model takes");
            var values = column.Categories.SelectMany(c => c).ToList();
            if (values.Distinct(StringComparer.Ordinal).Count() < values.Count) throw Unfit($"'{column.Name}' has a category in two bins");
        }

        if (Pairs.Count > 0 && Kind != ModelKind.GlassBox) throw Unfit("only a glass box has pairs");
        foreach (var pair in Pairs)
            if (!pair.Fits(Columns)) throw Unfit("a pair does not fit the bins of its columns");
    }

    private static InvalidModelException Unfit(string what) => new($"'features.json' does not fit 'contract.json', {what}: train the model again.");
}

/// <summary>One column of a scorecard with its bins, in this order: the ordinary ones, missing, one for each special code of the
/// contract in its order and, for category columns only, unknown. The bins for missing and unknown exist even where training saw no such row.</summary>
/// <param name="Name">The contract's column.</param>
/// <param name="Type">The contract's type; a date counts as a number of days.</param>
/// <param name="Cuts">For numbers and dates: ascending upper bounds, bin k holds (Cuts[k-1], Cuts[k]] and the last one what is above them; else empty.</param>
/// <param name="Categories">For categories: the values of each ordinary bin; else empty.</param>
/// <param name="Bins">The bins.</param>
/// <param name="AveragePoints">Mean points of the rows that the model was fitted on, in hundredths: what reasons are measured against.</param>
public sealed record ScorecardColumn(
    string Name,
    ColumnType Type,
    IReadOnlyList<double> Cuts,
    IReadOnlyList<IReadOnlyList<string>> Categories,
    IReadOnlyList<Bin> Bins,
    long AveragePoints)
{
    private readonly double[] _cuts = [.. Cuts];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _categories = Index(Categories);

    // What the lookups above are made from cannot be set by "with", so they never disagree.

    /// <summary>For numbers and dates: ascending upper bounds of the ordinary bins but the last.</summary>
    public IReadOnlyList<double> Cuts { get; } = Cuts;

    /// <summary>For categories: the values of each ordinary bin.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Categories { get; } = Categories;

    /// <summary>
    /// Of a number or date in a model that takes values instead of bins: for each bin the value that stands for it where none is given. Of an ordinary bin
    /// it is one in its middle, of missing and special codes what the model was told that they count as. Null in it is a float's NaN. Null: the model takes bins.
    /// </summary>
    public IReadOnlyList<float?>? Values { get; init; }

    /// <summary>Number of ordinary bins; also the place of the bin for missing.</summary>
    public int MissingBin => Type == ColumnType.Category ? Categories.Count : _cuts.Length + 1;

    /// <summary>Place of the bin for category values that training never saw; -1 for other columns.</summary>
    public int UnknownBin => Type == ColumnType.Category ? Bins.Count - 1 : -1;

    /// <summary>The bin of a number, or of a date in days.</summary>
    public int BinOf(double number)
    {
        var place = Array.BinarySearch(_cuts, number);
        return place < 0 ? ~place : place;
    }

    /// <summary>The bin of a category value; the unknown one when training never saw it.</summary>
    public int BinOf(ReadOnlySpan<char> category) => _categories.TryGetValue(category, out var bin) ? bin : UnknownBin;

    /// <summary>The bin of a field that was read without a fault.</summary>
    public int BinOf(in Cell cell) => cell.Kind switch
    {
        CellKind.Missing => MissingBin,
        CellKind.Special => MissingBin + 1 + cell.Special,
        CellKind.Number => BinOf(cell.Number),
        CellKind.Category => BinOf(cell.Category),
        _ => throw new InvalidOperationException("A field with a fault has no bin."),
    };

    /// <summary>What the model sees of a field that was read without a fault: its bin, and its value where it takes values.</summary>
    public long CodeOf(in Cell cell) => CodeOf(BinOf(cell), cell.Kind == CellKind.Number ? cell.Number : null);

    /// <summary>What the model sees of a bin, and of the number in it where one is given.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="number">A number in it; null for what stands for the bin.</param>
    public long CodeOf(int bin, double? number = null) => Values is null ? bin : CellCode.Of(bin, number is { } given ? (float)given : Values[bin] ?? float.NaN);

    /// <summary>The ordinary bin with most points on average of those that training saw rows in; that for missing where there is none.</summary>
    internal int BestBin => Enumerable.Range(0, MissingBin).Where(b => Bins[b].Rows > 0).OrderByDescending(b => Bins[b].Points).FirstOrDefault(MissingBin);

    private static Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Index(IReadOnlyList<IReadOnlyList<string>> categories)
    {
        var bins = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (bin, values) in categories.Index())
        {
            foreach (var value in values) bins[value] = bin;
        }

        return bins.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}

/// <summary>One bin of a column.</summary>
/// <param name="Label">For people, such as <c>(40, 55]</c> or <c>missing</c>.</param>
/// <param name="Points">Points of an application in this bin, in hundredths.</param>
/// <param name="Woe">Weight of evidence, ln(share of the goods / share of the bads), as smoothed in training; 0 for an empty bin.</param>
/// <param name="Rows">Rows that fell in it in training.</param>
/// <param name="Bads">Bad loans among them.</param>
public sealed record Bin(string Label, long Points, double Woe, int Rows, int Bads);

/// <summary>An application with the score it must get, an entry of <c>golden.json</c>.</summary>
/// <param name="Fields">The application's fields.</param>
/// <param name="Points">Its points, exact.</param>
/// <param name="Probability">Its probability, within 1e-9.</param>
public sealed record GoldenApplication(IReadOnlyDictionary<string, JsonElement> Fields, decimal Points, double Probability);
