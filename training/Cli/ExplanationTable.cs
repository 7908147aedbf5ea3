using System.Globalization;
using Serverless.Serving.Text;

namespace Serverless.Cli;

/// <summary>An explanation as lines for a terminal, the words that count most first.</summary>
internal static class ExplanationTable
{
    /// <summary>The lines, each behind a line break; nothing without an explanation.</summary>
    public static string Of(TextExplanation? explained)
    {
        if (explained is null) return "";
        var sum = explained.Words.Sum(w => w.Total);
        return string.Concat(new[]
        {
            Line($"  {explained.Of} against {explained.Against}: log-odds {explained.LogOdds:F2} = words {sum:F2}, together {explained.Residual:F2}, without a word {explained.Bias:F2}"),
            Line($"  {"total",8} {"linear",8} {"network",8} {"encoder",8}  word"),
        }.Concat(explained.Words.OrderByDescending(w => Math.Abs(w.Total)).Select(word =>
            Line($"  {word.Total,8:F2} {word.Linear,8:F2} {word.Network,8:F2} {word.Encoder,8:F2}  {word.Text}{Characters(word)}"))));
    }

    private static string Characters(ExplainedWord word) =>
        word.Characters.Count == 0 ? "" : $"  ({string.Join(", ", word.Characters.Select(c => string.Create(CultureInfo.InvariantCulture, $"'{c.Text}' {c.Linear:F2}")))})";

    private static string Line(FormattableString line) => "\n" + line.ToString(CultureInfo.InvariantCulture);
}
