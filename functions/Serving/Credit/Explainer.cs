namespace Serverless.Serving.Credit;

/// <summary>
/// Reasons of a score: what a column costs against the portfolio's average. Of models that add up they are exact (Siddiqi, Credit Risk Scorecards,
/// 2006); of boosted trees and imported models they are Shapley values (Lundberg et al. 2020; Lundberg and Lee 2017), and one is kept only if another value of the column raises the score.
/// </summary>
internal sealed class Explainer(CreditContract contract, CreditModel model)
{
    // Hundredths; what costs less costs nothing.
    private const double Least = 0.5;

    // In the contract's order, which decides between columns that cost the same.
    private readonly (string Column, int Place, string Sentence)[] _columns =
    [
        .. from named in contract.Columns
           join scored in model.Table.Columns.Index() on named.Name equals scored.Item.Name
           select (scored.Item.Name, scored.Index, named.Reason ?? $"The value of '{named.Name}' is less favourable than on average."),
    ];

    /// <summary>What cost most, worst first; at most as many as the contract allows, none that cost nothing.</summary>
    /// <param name="bins">The bin of each column, in the model's order.</param>
    public IReadOnlyList<Reason> Reasons(ReadOnlySpan<long> bins)
    {
        Span<double> given = _columns.Length <= 256 ? stackalloc double[_columns.Length] : new double[_columns.Length];
        model.Contributions(bins, given);
        var worst = new int[Math.Min(contract.MaxReasons, _columns.Length)];
        var reasons = new Reason[Worst(bins, given, worst)];
        for (var i = 0; i < reasons.Length; i++)
        {
            var (column, place, sentence) = _columns[worst[i]];
            var gain = model.Gain(bins, place);
            reasons[i] = new Reason(column, sentence, Points(-given[place])) { Gain = gain > 0 ? Points(gain) : null };
        }

        return reasons;
    }

    /// <summary>The same without allocating: names of the columns that cost most, worst first.</summary>
    /// <param name="bins">The bin of each column, in the model's order.</param>
    /// <param name="names">Gets the names; as long as the contract allows reasons.</param>
    /// <returns>How many names there are.</returns>
    public int Reasons(ReadOnlySpan<long> bins, Span<string> names)
    {
        Span<double> given = _columns.Length <= 256 ? stackalloc double[_columns.Length] : new double[_columns.Length];
        model.Contributions(bins, given);
        Span<int> worst = stackalloc int[Math.Min(names.Length, _columns.Length)];
        var count = Worst(bins, given, worst);
        for (var i = 0; i < count; i++) names[i] = _columns[worst[i]].Column;
        return count;
    }

    // Insertion into a short sorted list; strictly greater, so that of equal ones the first in the contract's order stays before.
    private int Worst(ReadOnlySpan<long> bins, ReadOnlySpan<double> given, Span<int> worst)
    {
        var count = 0;
        for (var candidate = 0; candidate < _columns.Length; candidate++)
        {
            var lost = -given[_columns[candidate].Place];
            if (lost < Least) continue;
            var at = count;
            while (at > 0 && lost > -given[_columns[worst[at - 1]].Place]) at--;
            if (at == worst.Length || !Confirmed(bins, candidate)) continue;
            count = Math.Min(count + 1, worst.Length);
            worst[at..(count - 1)].CopyTo(worst[(at + 1)..]);
            worst[at] = candidate;
        }

        return count;
    }

    private bool Confirmed(ReadOnlySpan<long> bins, int candidate) => model is AdditiveModel || model.Gain(bins, _columns[candidate].Place) >= Least;

    // What adds up has whole hundredths, or halves of them from pairs.
    private decimal Points(double hundredths) => Math.Round((decimal)hundredths, model is AdditiveModel ? 1 : 0) / 100m;
}
