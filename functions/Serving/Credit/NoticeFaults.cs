namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with the columns that a notice discloses.</summary>
internal static class NoticeFaults
{
    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(CreditContract contract)
    {
        if (contract.Notice?.Score is not { } score) yield break;
        if (score.Least >= score.Most) yield return "'notice.score' must have least below most: write the range of possible scores.";
        List<(string Name, ColumnType Type)> read = [(score.Column, ColumnType.Number), .. score.FactorColumns.Select(f => (f, ColumnType.Category))];
        if (score.DateColumn is { } date) read.Add((date, ColumnType.Date));
        foreach (var (name, type) in read)
        {
            var column = contract.Columns.FirstOrDefault(c => c.Name == name);
            if (column is null) yield return $"'notice.score' names '{name}', which is no column of the contract: correct the name, or list the column.";
            else if (column.Expression is not null || column.Role is not (ColumnRole.Input or ColumnRole.Ignored))
                yield return $"'notice.score' names '{name}', which applications do not say: name a column with the role input or ignored, and no 'expression'.";
            else if (column.Type != type) yield return $"'notice.score' names '{name}', which is no {type.ToString().ToLowerInvariant()}: correct the name, or the column's type.";
        }
    }
}
