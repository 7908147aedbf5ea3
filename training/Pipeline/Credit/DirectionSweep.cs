using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Whether the served graph keeps every direction that the contract states: all ordinary bins of such a column in order, for several backgrounds.</summary>
internal static class DirectionSweep
{
    private const int Backgrounds = 20;
    private const double Slack = 1e-12;

    // What a graph that computes in float32 says of equal risks differs by as much.
    private const double FloatSlack = 1e-6;

    /// <summary>Runs it.</summary>
    /// <returns>How many columns have a direction, and those whose probabilities go against it somewhere.</returns>
    public static (int Directed, IReadOnlyList<string> Broken) Run(CreditScorer scorer)
    {
        var trends = scorer.Contract.Columns.ToDictionary(c => c.Name, c => c.Monotone);
        var directed = scorer.Card.Columns.Index().Where(c => trends[c.Item.Name] is Monotone.Increasing or Monotone.Decreasing or Monotone.Unimodal).ToList();
        return (directed.Count, [.. directed.Where(c => !Keeps(scorer, c.Index, trends[c.Item.Name])).Select(c => c.Item.Name)]);
    }

    private static bool Keeps(CreditScorer scorer, int place, Monotone trend)
    {
        var (width, ordinary) = (scorer.Card.Columns.Count, scorer.Card.Columns[place].MissingBin);
        var bins = new long[Backgrounds * ordinary * width];
        for (var row = 0; row < Backgrounds * ordinary; row++)
        {
            for (var c = 0; c < width; c++) bins[(row * width) + c] = scorer.Card.Columns[c].CodeOf(row / ordinary * (c + 1) % scorer.Card.Columns[c].Bins.Count);
            bins[(row * width) + place] = scorer.Card.Columns[place].CodeOf(row % ordinary);
        }

        var probabilities = new double[Backgrounds * ordinary];
        scorer.ScoreRows(bins, new double[probabilities.Length], probabilities);
        var slack = scorer.Card.Kind == ModelKind.Imported ? FloatSlack : Slack;
        return Enumerable.Range(0, Backgrounds).All(b => Follows(probabilities.AsSpan(b * ordinary, ordinary), trend, slack));
    }

    /// <summary>Whether risks in the order of a column's bins move as a trend says.</summary>
    internal static bool Follows(ReadOnlySpan<double> risk, Monotone trend, double slack = Slack)
    {
        int turns = 0, last = 0, rises = 0, falls = 0;
        for (var i = 1; i < risk.Length; i++)
        {
            var move = risk[i] - risk[i - 1] > slack ? 1 : risk[i - 1] - risk[i] > slack ? -1 : 0;
            if (move == 0) continue;
            if (last != 0 && move != last) turns++;
            (last, rises, falls) = (move, rises + (move > 0 ? 1 : 0), falls + (move < 0 ? 1 : 0));
        }

        return trend switch
        {
            Monotone.Increasing => falls == 0,
            Monotone.Decreasing => rises == 0,
            Monotone.Unimodal => turns <= 1,
            _ => true,
        };
    }
}
