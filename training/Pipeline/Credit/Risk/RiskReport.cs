using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit.Risk;

/// <summary>
/// Values a book of loans, streaming: probability of going bad by grade, held against outcomes where they are known, expected loss, and both
/// under scenarios that scale every loan's odds.
/// </summary>
public sealed class RiskReport
{
    private readonly CreditScorer _model;
    private readonly CreditContract _contract;
    private readonly DropTable _table;
    private readonly ApplicationRows _applications;
    private readonly LoanBook _book;
    private readonly ApplicationBlock _block;
    private readonly (Loan Loan, int Row)[] _loans = new (Loan, int)[ApplicationBlock.MostRows];
    private readonly RowFaults _faults = new();
    private readonly Scenario[] _scenarios;
    private readonly GradeTally[] _grades;
    private int _rows;
    private int? _latest;

    private RiskReport(CreditScorer model, CreditContract contract, DropTable table, DateTimeOffset now)
    {
        (_model, _contract, _table) = (model, contract, table);
        (_applications, _book, _block) = (new(model, table), new(contract, table, now), new(model.Card.Columns.Count));
        _faults.Of(table);
        _scenarios = [.. contract.Risk.Scenarios.Select(s => new Scenario(s.Name, s.Odds ?? Math.Exp(s.LogOdds!.Value)))];
        var odds = Array.ConvertAll(_scenarios, s => s.Odds);
        _grades = [.. contract.Risk.Grades.Select(_ => new GradeTally(odds))];
    }

    /// <summary>Values the loans of a file; rejected when it is no table, lacks a column, or more rows are in error than the contract accepts.</summary>
    /// <param name="model">Gives the probabilities.</param>
    /// <param name="contract">Gives the risk rules and says what the file's columns are: the model's contract, or a later one.</param>
    /// <param name="file">Loans, with or without outcomes.</param>
    /// <param name="now">When: dates behind it are faults, as in a drop.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The file cannot be read to its end.</exception>
    public static async Task<Outcome<RiskFigures>> RunAsync(
        CreditScorer model, CreditContract contract, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(file, contract.Format, contract.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return opened.Pass<RiskFigures>();
        await using (table)
        {
            var report = new RiskReport(model, contract, table, now);
            string[] lacking = [.. report._applications.Lacking().Union(report._book.Lacking())];
            if (lacking.Length > 0)
                return Outcome<RiskFigures>.Reject($"The header lacks {string.Join(", ", lacking)}, which the model or the contract's risk rules ask for: add the columns.{table.DelimiterAdvice}");
            for (var more = true; more;)
            {
                while (report._block.Rows < ApplicationBlock.MostRows && (more = await table.ReadAsync(cancel))) report.Read();
                report.Value();
                progress.Report(new("valuing", table.Fraction));
            }

            return report._faults.Judge(report._rows, contract.Training) is { Count: > 0 } reasons ? Outcome<RiskFigures>.Reject(reasons) : report.Figures(file.Sha256);
        }
    }

    /// <summary>The report's files: <c>risk.json</c> and <c>risk.html</c>.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(RiskFigures figures) =>
        new Dictionary<string, byte[]> { ["risk.json"] = Json.File(figures), ["risk.html"] = RiskPage.Html(figures) };

    private void Read()
    {
        _rows++;
        var row = _block.Rows;
        _applications.Read(_block);
        List<string> faults = [];
        _loans[row] = (_table.Complete ? _book.Read(faults) : default, _table.Row);
        foreach (var fault in faults) _block.Fault(row, fault);
    }

    private void Value()
    {
        _block.Score(_model);
        for (var row = 0; row < _block.Rows; row++)
        {
            var (loan, number) = _loans[row];
            if (_block.Faults[row] is { } fault)
            {
                _faults.Add(number, fault);
                continue;
            }

            _latest = Math.Max(_latest ?? loan.Day, loan.Day);
            _grades[GradeOf(_block.Probabilities[row], _block.Points[row])].Add(_block.Probabilities[row], loan.Exposure, loan.Lgd, loan.Outcome, loan.Day);
        }

        _block.Rows = 0;
    }

    private int GradeOf(double probability, double points)
    {
        var grades = _contract.Risk.Grades;
        var grade = 0;
        while (grade < grades.Count - 1 && !(grades[grade].Below is { } below ? probability < below : points >= grades[grade].FromPoints)) grade++;
        return grade;
    }

    private RiskFigures Figures(string sha256)
    {
        var (risk, total) = (_contract.Risk, new GradeTally(Array.ConvertAll(_scenarios, s => s.Odds)));
        foreach (var grade in _grades) total.Add(grade);
        DateOnly? observed = _contract.PerformanceMonths is null || _latest is not { } latest ? null : _contract.ObservedOn ?? OutcomeCalendar.DateOf(latest);
        var until = observed is { } day ? OutcomeCalendar.LastMature(day, _contract.PerformanceMonths!.Value) : int.MaxValue;
        GradeFigures Of(GradeTally tally, string name, string band) => tally.Figures(name, band, _scenarios, risk.Lgd is not null || risk.LgdColumn is not null, until, risk.Significance);
        return new()
        {
            Portfolio = _contract.Portfolio,
            ModelVersion = _model.Bundle.Version,
            ContractVersion = _contract.Version,
            DataSha256 = sha256,
            Rows = _rows,
            RowsInError = _faults.Rows,
            FirstFaults = _faults.First,
            ObservedOn = observed,
            Significance = risk.Significance,
            Scenarios = _scenarios,
            Grades = [.. _grades.Select((tally, i) => Of(tally, risk.Grades[i].Name, Band(risk.Grades, i)))],
            Total = Of(total, "all", "all loans"),
        };
    }

    private static string Band(IReadOnlyList<RiskGrade> grades, int place)
    {
        var (grade, safer) = (grades[place], place == 0 ? null : grades[place - 1]);
        return grade.Below is { } below ? safer is null ? $"below {Percent(below)}" : $"{Percent(safer.Below!.Value)} to below {Percent(below)}"
            : grade.FromPoints is { } from ? safer is null ? $"{Points(from)} points or more" : $"{Points(from)} to below {Points(safer.FromPoints!.Value)} points"
            : safer is null ? "all" : safer.Below is { } least ? $"{Percent(least)} or more" : $"below {Points(safer.FromPoints!.Value)} points";
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.####} %");

    private static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);
}
