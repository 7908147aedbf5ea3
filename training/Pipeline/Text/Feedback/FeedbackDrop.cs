using System.Security.Cryptography;
using System.Text;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Feedback as a drop: a CSV with the three columns that the contract names, a row for each text.</summary>
/// <param name="Name">Name of its blob; the same rows have the same.</param>
/// <param name="Content">Its content. A byte-order mark says that it is UTF-8, whatever the contract says of other files.</param>
internal sealed record FeedbackDrop(string Name, byte[] Content)
{
    /// <summary>Writes the drop.</summary>
    /// <param name="contract">A contract of increments, so that it names a column of ids.</param>
    /// <param name="records">What is dropped; who said it does not go along.</param>
    public static FeedbackDrop Of(TextContract contract, IReadOnlyList<FeedbackRecord> records)
    {
        var delimiter = contract.Format.Delimiter ?? ",";
        var lines = new StringBuilder("\uFEFF").Append(Line(contract.IdColumn!, contract.TextColumn, contract.LabelColumn));
        foreach (var record in records.DistinctBy(r => r.Id.Text).OrderBy(r => r.Id.Text, StringComparer.Ordinal)) lines.Append(Line(record.Id.Row, record.Text, record.Intent));
        var content = Encoding.UTF8.GetBytes(lines.ToString());
        return new($"{contract.Family}/{contract.Portfolio}/feedback-{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}.csv", content);

        string Line(params string[] fields) => string.Join(delimiter, fields.Select(f => $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n";
    }
}
