using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>Infers the contract of an unknown loan export, good enough to train on; each guess is explained in the column's note.</summary>
public static class ContractInference
{
    /// <summary>Reads the export once and guesses types, missing and special codes, and roles; rejected when there is nothing to learn.</summary>
    /// <param name="file">The export: a table with a header.</param>
    /// <param name="options">What only the owner of the export knows.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<InferredContract>> InferAsync(LocalDrop file, InferenceOptions options, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (FormatFaults.All(options.Format) is { Count: > 0 } unreadable) return Outcome<InferredContract>.Reject(unreadable);
        var opened = await DropTable.OpenAsync(file, options.Format, options.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var drop }) return opened.Pass<InferredContract>();
        await using (drop)
        {
            if (Faults(drop, options) is { Count: > 0 } faults) return Outcome<InferredContract>.Reject(faults);
            var target = new TargetProfile(options.Target, options.Bad);
            var columns = drop.Header.Select(name => new ColumnProfile(name, drop.Format)).ToArray();
            var sample = new OutcomeSample(columns.Length);
            int rows;
            try
            {
                rows = await ReadAsync(drop, target, columns, sample, drop.IndexOf(options.Target), progress, cancel);
            }
            catch (InvalidDataException error)
            {
                return Outcome<InferredContract>.Reject(error.Message);
            }

            return columns[0].Rows == 0
                ? Outcome<InferredContract>.Reject("No row has as many fields as the header: write the file as RFC 4180.")
                : target.Guess().Then(guess => Contract(columns, guess, options, sample)).Then(inferred => Tolerate(inferred, rows, rows - target.Known));
        }
    }

    private static async Task<int> ReadAsync(DropTable drop, TargetProfile target, ColumnProfile[] columns, OutcomeSample sample, int outcome, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var rows = 0;
        for (; await drop.ReadAsync(cancel); rows++)
        {
            if (rows % 4096 == 0) progress.Report(new("reading", drop.Fraction));
            if (!drop.Complete) continue;
            var bad = target.Add(drop[outcome]);
            var place = sample.Place(bad);
            for (var i = 0; i < columns.Length; i++) columns[i].Add(drop[i], bad, place);
        }

        return rows;
    }

    private static List<string> Faults(DropTable drop, InferenceOptions options) =>
    [
        .. new[] { options.Target, options.Id, options.Date }.OfType<string>().Where(name => drop.IndexOf(name) < 0).Select(name =>
            drop.Header.FirstOrDefault(h => h.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is { } near
                ? $"The header has no column '{name}': did you mean '{near}'?"
                : $"The header has no column '{name}': its columns are {string.Join(", ", drop.Header.Take(100))}."),
        .. new[] { options.Target, options.Id, options.Date }.OfType<string>().GroupBy(name => name, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => $"Column '{g.Key}' is named for two roles: target, id and date are different columns."),
        .. Names.Portfolio.Allows(options.Portfolio) ? Array.Empty<string>() : [Names.Portfolio.Fault],
    ];

    private static Outcome<InferredContract> Contract(ColumnProfile[] profiles, TargetGuess target, InferenceOptions options, OutcomeSample sample)
    {
        var identified = options.Id is not null;
        List<Column> columns = [];
        List<string> faults = [];
        List<ContractWarning> warnings = [.. target.Warning is { } unsure ? new[] { new ContractWarning(options.Target, unsure) } : []];
        foreach (var profile in profiles)
        {
            var (column, warning) = profile.Name == options.Target ? (Target(profile, target), null)
                : profile.Name == options.Id ? (Id(profile, faults), null)
                : profile.Name == options.Date ? (Date(profile, faults), null)
                : ColumnGuess.Of(profile, sample, options.LeakAuc);
            if (warning is not null) warnings.Add(new(profile.Name, warning));
            if (column.Role == ColumnRole.Id && profile.Name != options.Id)
            {
                if (identified) column = ColumnGuess.Ignore(column with { Note = null }, "every value is different, and another column is the id");
                identified = true;
            }

            columns.Add(column);
        }

        if (faults.Count == 0 && columns.All(c => c.Role != ColumnRole.Input))
            faults.Add("No column can be an input: all are constant, empty, identifiers, protected, or tell the outcome.");
        if (faults.Count > 0) return Outcome<InferredContract>.Reject(faults);
        var contract = new CreditContract
        {
            Family = CreditContract.FamilyName,
            Portfolio = options.Portfolio,
            Version = "1",
            Format = options.Format,
            Gate = new GateRules { Floors = new Dictionary<string, double> { ["auc"] = 0.55 } },
            Columns = columns,
            Bad = target.Bad,
        };
        return new InferredContract(contract) { Warnings = warnings };
    }

    /// <summary>Rows without an outcome, or with too few fields, cannot be trained on: the contract must tolerate as many as this file has.</summary>
    private static Outcome<InferredContract> Tolerate(InferredContract inferred, int rows, int lost)
    {
        var contract = inferred.Contract;
        if (lost <= contract.Training.MaxRowsInError * rows) return inferred;
        var share = Math.Min(1, Math.Ceiling(100.0 * lost / rows) / 100 + 0.01);
        var note = string.Create(CultureInfo.InvariantCulture, $"{lost} of {rows} rows have no outcome or another number of fields than the header; they are left out, and 'maxRowsInError' is raised to {share:P0}.");
        var target = contract.Columns.Single(c => c.Role == ColumnRole.Target);
        return inferred with
        {
            Contract = contract with
            {
                Training = contract.Training with { MaxRowsInError = share },
                Columns = [.. contract.Columns.Select(c => c == target ? c with { Note = ColumnGuess.Join(c.Note, note) } : c)],
            },
            Warnings = [.. inferred.Warnings, new(target.Name, note)],
        };
    }

    private static Column Target(ColumnProfile profile, TargetGuess guess) => new()
    {
        Name = profile.Name,
        Type = ColumnType.Category,
        Role = ColumnRole.Target,
        Missing = [.. profile.Texts.Tallies.Keys.Where(MissingCode.IsAmongTexts).Except(guess.Bad).Order(StringComparer.Ordinal)],
        Note = guess.Note,
    };

    private static Column Id(ColumnProfile profile, List<string> faults)
    {
        if (!profile.Unique) faults.Add($"Column '{profile.Name}' cannot be the id: it has empty or repeated values. Choose another with --id.");
        return new Column { Name = profile.Name, Type = ColumnType.Category, Role = ColumnRole.Id, Note = "Identifies a row, as given." };
    }

    private static Column Date(ColumnProfile profile, List<string> faults)
    {
        if (profile.IsoDates < 0.99 * profile.Rows)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"Column '{profile.Name}' cannot be the date: {profile.Rows - profile.IsoDates} of {profile.Rows} rows hold no date in ISO 8601, such as 2026-11-23."));
        return new Column { Name = profile.Name, Type = ColumnType.Date, Role = ColumnRole.Date, Note = "Date of the application, as given: the holdout is the last rows." };
    }
}
