namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with a contract's choice of models and with its edits of a glass box.</summary>
internal static class ModelFaults
{
    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(CreditContract contract)
    {
        if (contract.Models.Kinds.GroupBy(k => k).Any(g => g.Count() > 1)) yield return "'models.kinds' lists a kind twice: list each once, the preferred one first.";
        if (contract.Models.Kinds.Contains(ModelKind.Imported)) yield return "'models.kinds' lists 'imported', which is not trained here: remove it, and run 'serverless models register' for a graph that was trained elsewhere.";
        var inputs = contract.Columns.Where(c => c.Role == ColumnRole.Input).DistinctBy(c => c.Name, StringComparer.Ordinal).ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (var term in contract.GlassBox.Remove.Where(t => !Known(t)))
            yield return $"'glassBox.remove' lists '{term}', which is no input and no pair of inputs: write a column's name, or two as \"first & second\".";
        foreach (var stretch in contract.GlassBox.Flatten)
        {
            if (stretch is null) yield return "'glassBox.flatten' lists null: write a stretch or remove it.";
            else if (!inputs.TryGetValue(stretch.Column, out var column) || column.Type == ColumnType.Category)
                yield return $"'glassBox.flatten' names '{stretch.Column}', which is no input that is a number or date: correct it or remove it.";
            else if (stretch.From > stretch.To) yield return $"'glassBox.flatten' has a stretch of '{stretch.Column}' whose 'from' is above its 'to': swap them.";
        }

        bool Known(string term) => term is not null && (inputs.ContainsKey(term) || term.Split(" & ") is [var first, var second] && inputs.ContainsKey(first) && inputs.ContainsKey(second));
    }
}
