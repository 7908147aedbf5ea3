using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Functions.Http;

/// <summary>The request, from the query of its address.</summary>
internal sealed class SimilarRequest(IQueryCollection query)
{
    public const int MostTop = 50;

    private const int UsualTop = 5;

    /// <summary>The portfolio; the one that classify takes where none is named.</summary>
    public string Portfolio { get; } = (string?)query["portfolio"] ?? new ClassifyRequest().Portfolio;

    /// <summary>The text.</summary>
    public string Text { get; } = (string?)query["text"] ?? "";

    /// <summary>Most questions to answer with; 0 where that is no number.</summary>
    public int Top { get; } = (string?)query["top"] is not { } top ? UsualTop : int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0;

    public IEnumerable<string> Faults()
    {
        if (!Names.Portfolio.Allows(Portfolio)) yield return Names.Portfolio.Fault;
        if (query["text"].Count != 1) yield return "Give 'text' once: what the customer says, percent-encoded as UTF-8.";
        if (Top is < 1 or > MostTop) yield return $"'top' must be 1 to {MostTop}.";
    }
}

/// <summary>The answer: the nearest training questions, best first, and what was taken out of the text before they were looked for.</summary>
internal sealed record SimilarAnswer(string Portfolio, string ModelVersion, IReadOnlyList<Redaction> Redactions, IReadOnlyList<SimilarQuestion> Questions);
