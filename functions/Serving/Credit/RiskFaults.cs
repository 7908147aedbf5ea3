namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with the risk rules of a contract.</summary>
internal static class RiskFaults
{
    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(CreditContract contract)
    {
        var risk = contract.Risk;
        return
        [
            .. risk.Grades.SelectMany((grade, i) => MemberFaults.Of(grade, $"risk.grades[{i}].")), .. OfGrades(risk.Grades),
            .. risk.Scenarios.SelectMany((scenario, i) => MemberFaults.Of(scenario, $"risk.scenarios[{i}].")), .. OfScenarios(risk.Scenarios),
            .. OfColumn(contract, "exposure", risk.ExposureColumn, risk.Exposure), .. OfColumn(contract, "lgd", risk.LgdColumn, risk.Lgd),
            .. (risk.ExposureColumn is null && risk.Exposure is null) != (risk.LgdColumn is null && risk.Lgd is null)
                ? ["'risk' must state both the exposure ('exposureColumn' or 'exposure') and the loss given default ('lgdColumn' or 'lgd'), or neither: an expected loss needs both."]
                : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> OfGrades(IReadOnlyList<RiskGrade> grades)
    {
        if (grades.Count == 0)
        {
            yield return "'risk.grades' is empty: list the grades, or remove it.";
            yield break;
        }

        foreach (var name in Repeated(grades.Select(g => g.Name))) yield return $"'risk.grades' names '{name}' more than once: give each grade a name of its own.";
        var (bounded, last) = (grades.SkipLast(1).ToList(), grades[^1]);
        var byProbability = bounded.TrueForAll(g => g is { Below: not null, FromPoints: null });
        if (!byProbability && !bounded.TrueForAll(g => g is { Below: null, FromPoints: not null }))
            yield return "'risk.grades' must have 'below' in every grade but the last, or 'fromPoints' in every grade but the last.";
        else if (!bounded.Zip(bounded.Skip(1), (safer, next) => byProbability ? safer.Below < next.Below : safer.FromPoints > next.FromPoints).All(ordered => ordered))
            yield return "'risk.grades' must begin with the safest: 'below' rises from grade to grade, 'fromPoints' falls.";
        if (last is not { Below: null, FromPoints: null }) yield return "The last of 'risk.grades' takes what is left: remove its 'below' or 'fromPoints', or add a grade.";
    }

    private static IEnumerable<string> OfScenarios(IReadOnlyList<StressScenario> scenarios)
    {
        foreach (var name in Repeated(scenarios.Select(s => s.Name))) yield return $"'risk.scenarios' names '{name}' more than once: give each scenario a name of its own.";
        foreach (var scenario in scenarios.Where(s => s.Odds is null == s.LogOdds is null)) yield return $"Scenario '{scenario.Name}' of 'risk' must have 'odds' or 'logOdds', and not both.";
    }

    private static IEnumerable<string> OfColumn(CreditContract contract, string member, string? name, decimal? constant)
    {
        if (name is null) yield break;
        if (constant is not null) yield return $"'risk' has both '{member}Column' and '{member}': keep one.";
        var column = contract.Columns.FirstOrDefault(c => c.Name == name);
        if (column is null) yield return $"'risk.{member}Column' names '{name}', which is no column of the contract: correct the name, or list the column, as ignored if no model shall use it.";
        else if (column.Type != ColumnType.Number || column.Expression is not null || column.Role is not (ColumnRole.Input or ColumnRole.Ignored))
            yield return $"'risk.{member}Column' names '{name}': it must be a number that is read, with the role input or ignored.";
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> names) => names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
}
