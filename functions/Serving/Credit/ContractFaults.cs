using System.Globalization;

namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with a contract that could be parsed.</summary>
internal static class ContractFaults
{
    private static readonly string[] Floors = ["auc", "gini", "ks"];

    /// <summary>Every fault, each with what to do.</summary>
    public static IReadOnlyList<string> Of(CreditContract contract)
    {
        var (nulls, format) = (Nulls(contract).ToList(), ValueFormat.Of(contract.Format));
        return nulls.Count > 0 ? nulls : [.. CommonFaults.Of(contract, CreditContract.FamilyName, Floors), .. OfRoles(contract), .. contract.Columns.SelectMany(c => Of(c, format)), .. ExpressionFaults.Of(contract), .. contract.Columns.SelectMany(BinFaults.Of), .. contract.Columns.SelectMany(ChangeFaults.Of), .. ModelFaults.Of(contract), .. OfUse(contract), .. RiskFaults.Of(contract)];
    }

    // The serialiser refuses nulls in members but not in lists.
    private static IEnumerable<string> Nulls(CreditContract contract)
    {
        foreach (var (place, column) in contract.Columns.Index())
        {
            if (column is null) yield return $"'columns[{place}]' is null: write a column or remove it.";
            else if (column.Missing.Concat(column.Special).Concat(column.Allowed ?? []).Any(text => text is null))
                yield return $"Column '{column.Name}' lists null as a missing, special or allowed text: write texts; the empty one is always missing.";
            else if (column.Groups?.Any(group => group is null || group.Any(text => text is null)) == true)
                yield return $"Column '{column.Name}' has null in 'groups': write lists of texts.";
        }

        if (contract.Rules.Any(rule => rule is null)) yield return "'rules' lists null: write a rule or remove it.";
        if (contract.Bad.Any(text => text is null)) yield return "'bad' lists null: write the values as texts, as they stand in the file.";
        if (contract.Risk.Grades.Any(grade => grade is null) || contract.Risk.Scenarios.Any(scenario => scenario is null)) yield return "'risk' lists null: write grades and scenarios, or remove them.";
        if (contract.Segments.Any(text => text is null)) yield return "'segments' lists null: write names of columns.";
        foreach (var fault in PolicyFaults.Nulls(contract.Policy)) yield return fault;
        if (contract.Notice?.Score?.FactorColumns.Any(text => text is null) == true) yield return "'notice.score.factorColumns' lists null: write names of columns.";
    }

    private static IEnumerable<string> OfRoles(CreditContract contract)
    {
        var columns = contract.Columns;
        if (columns.Count == 0) yield return "The contract has no columns: list every column of the export.";
        if (columns.Any(c => c.Name.Length == 0)) yield return "A column has no name: write the one in the header.";
        foreach (var name in columns.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"Column '{name.Key}' is listed {name.Count()} times: keep one.";

        var roles = columns.ToLookup(c => c.Role);
        var targets = roles[ColumnRole.Target].Count();
        if (targets != 1) yield return $"{targets} columns have the role target: give it to the one that holds the outcome.";
        if (roles[ColumnRole.Id].Count() > 1) yield return "More than one column has the role id: keep the one that identifies a row.";
        if (roles[ColumnRole.Date].Count() > 1) yield return "More than one column has the role date: keep the one that says when the application was made.";
        foreach (var column in roles[ColumnRole.Date].Where(c => c.Type != ColumnType.Date))
            yield return $"Column '{column.Name}' has the role date but another type: give it the type date.";
        if (!roles[ColumnRole.Input].Any()) yield return "No column has the role input: a model needs one or more.";
    }

    private static IEnumerable<string> Of(Column column, ValueFormat? format)
    {
        var name = column.Name;
        if (column.Type != ColumnType.Number && (column.Minimum ?? column.Maximum) is not null)
            yield return $"Column '{name}' has a minimum or maximum but is no number: remove them, or give it the type number.";
        if (!double.IsFinite(column.Minimum ?? 0) || !double.IsFinite(column.Maximum ?? 0))
            yield return $"Column '{name}' has a minimum or maximum beyond the range of numbers: correct it.";
        if (column.Minimum > column.Maximum)
            yield return $"Column '{name}' has a minimum above its maximum: swap them.";
        if (column.Type != ColumnType.Category && column.Allowed is not null)
            yield return $"Column '{name}' lists allowed values but is no category: remove them, or give it the type category.";
        if (column.Allowed is { Count: 0 })
            yield return $"Column '{name}' allows no value: list the values, or remove 'allowed' to accept any.";
        if (column.Type == ColumnType.Category && column.Monotone != Monotone.Auto)
            yield return $"Column '{name}' is a category, which has no order for 'monotone': remove it.";

        string[] codes = [.. column.Missing, .. column.Special];
        if (codes.Concat(column.Allowed ?? []).Any(IsPadded))
            yield return $"Column '{name}' lists a missing, special or allowed text that is empty or has blanks around it: remove them; empty is always missing.";
        foreach (var code in codes.GroupBy(c => CodeKey(column, c, format), StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"Column '{name}' lists '{code.First()}' more than once as missing or special: keep one.";
    }

    private static IEnumerable<string> OfUse(CreditContract contract)
    {
        if (contract.Bad.Count == 0) yield return "'bad' is empty: list the values of the target that mean a bad loan.";
        if (contract.Bad.Any(IsPadded)) yield return "'bad' lists a text that is empty or has blanks around it: write the values as they stand in the file.";
        var missing = contract.Columns.Where(c => c.Role == ColumnRole.Target).SelectMany(c => c.Missing);
        foreach (var value in contract.Bad.Intersect(missing)) yield return $"'bad' lists '{value}', which the target lists as missing: keep one.";
        foreach (var fault in PolicyFaults.Of(contract).Concat(NoticeFaults.Of(contract)).Concat(DocumentRuleFaults.Of(contract))) yield return fault;

        var roles = contract.Columns.ToLookup(c => c.Role);
        if (contract.Drops == DropMode.Increment && !roles[ColumnRole.Id].Any())
            yield return "'drops' is increment, but no column has the role id: give it to the one that identifies a row, so that a later row replaces an earlier one, or write full.";
        if (contract.PerformanceMonths is not null && !roles[ColumnRole.Date].Any())
            yield return "'performanceMonths' needs to know when a loan was applied for: give the role date to the column that says it, or remove 'performanceMonths'.";
        if (contract.ObservedOn is not null && contract.PerformanceMonths is null)
            yield return "'observedOn' says nothing without 'performanceMonths': write how many months a loan needs to show how it ends, or remove 'observedOn'.";
        foreach (var fault in OfSegments(contract)) yield return fault;
    }

    private static IEnumerable<string> OfSegments(CreditContract contract)
    {
        foreach (var segment in contract.Segments.GroupBy(s => s, StringComparer.Ordinal))
        {
            if (segment.Count() > 1) yield return $"'segments' names '{segment.Key}' {segment.Count()} times: keep one.";
            var column = contract.Columns.FirstOrDefault(c => c.Name == segment.Key);
            if (column is null) yield return $"'segments' names '{segment.Key}', which is no column of the contract: correct the name, or list the column.";
            else if (column.Role is ColumnRole.Id or ColumnRole.Target) yield return $"'segments' names '{segment.Key}', which has the role {column.Role.ToString().ToLowerInvariant()}: name columns that put loans into groups.";
            else if (column.Role == ColumnRole.Ignored) yield return $"'segments' names '{segment.Key}', which is ignored and so may be absent: give it the role protected, which is read and never an input, or input.";
        }
    }

    private static bool IsPadded(string text) => text.Length == 0 || text.AsSpan().Trim().Length != text.Length;

    // Codes of number columns match by value too, so 9 and 9.0 are the same code, or 9 and 9,0 where the culture writes a comma.
    private static string CodeKey(Column column, string code, ValueFormat? format) =>
        column.Type == ColumnType.Number && ValueFormat.Code(code, format) is var number && double.IsFinite(number) ? number.ToString(CultureInfo.InvariantCulture) : code;
}
