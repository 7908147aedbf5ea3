using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Drops;

namespace Serverless.Training.Text;

/// <summary>A text drop that was read and found good.</summary>
/// <param name="Contract">The contract it was read under.</param>
/// <param name="Intents">The intents, in ordinal order: class i is the i-th.</param>
/// <param name="InScope">Rows with an intent, in the order of the file.</param>
/// <param name="OutOfScope">Rows with the contract's out-of-scope label.</param>
/// <param name="RowsInError">Rows that were left out.</param>
public sealed record TextRows(TextContract Contract, IReadOnlyList<string> Intents, IReadOnlyList<TextRow> InScope, IReadOnlyList<TextRow> OutOfScope, int RowsInError)
    : TrainingRows(InScope.Count + OutOfScope.Count, RowsInError)
{
    /// <summary>The bundle of the encoder that the contract names; null where it names none.</summary>
    public ModelBundle? Encoder { get; init; }

    /// <summary>What reports call a row of a number, such as <c>row 17</c> or, of several files, <c>row 17 of 'b.csv'</c>.</summary>
    public Func<int, string> Place { get; init; } = row => string.Create(CultureInfo.InvariantCulture, $"row {row}");
}

/// <summary>One row of a text drop.</summary>
/// <param name="Key">Its key for <see cref="RowKeys"/>.</param>
/// <param name="Text">The text without personal numbers and addresses.</param>
/// <param name="Class">Place of its intent in <see cref="TextRows.Intents"/>; -1 out of scope.</param>
public readonly record struct TextRow(ulong Key, string Text, int Class)
{
    /// <summary>Its number in the drop, from 1, see <see cref="TextRows.Place"/>.</summary>
    public int Row { get; init; }
}

/// <summary>Reads text drops.</summary>
internal static class TextDrop
{
    private const int LongestLabel = 200, MostIntents = 1000, Named = 20;

    /// <summary>Reads a drop to train on and says what was seen of it; rejected with every fault that was found.</summary>
    public static async Task<DropReading> ReadAsync(TextContract contract, LocalDrop file, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var tally = new TextTally(contract, context);
        var (read, table, rows, faults) = await LabelledAsync(contract, file, tally, progress, cancel);
        var encoder = contract.Encoder is { } rules && context.KeepRows && !context.Addition ? await BaseEncoder.FindAsync(contract, rules, context, cancel) : null;
        var judged = encoder is Outcome<ModelBundle>.Rejected unusable ? unusable.Pass<TrainingRows>() : read.Then<TrainingRows>(labelled => context.Addition
            ? new CountedRows(labelled.Rows.Count, labelled.Faults.Rows)
            : Judge(contract, labelled).Then<TrainingRows>(kept => kept with { Encoder = (encoder as Outcome<ModelBundle>.Done)?.Value }));
        var quality = table ? tally.Quality(file, rows, faults, judged is Outcome<TrainingRows>.Rejected rejected ? rejected.Reasons : []) : null;
        return new(judged, quality);
    }

    /// <summary>Reads the rows with their labels as written; rejected when columns are missing or too many rows are in error.</summary>
    public static async Task<Outcome<Labelled>> LabelledAsync(TextContract contract, LocalDrop file, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        (await LabelledAsync(contract, file, null, progress, cancel)).Rows;

    private static async Task<(Outcome<Labelled> Rows, bool Table, int Read, RowFaults Faults)> LabelledAsync(
        TextContract contract, LocalDrop file, TextTally? tally, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var faults = new RowFaults();
        var opened = await DropTable.OpenAsync(file, contract.Format, contract.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return (opened.Pass<Labelled>(), false, 0, faults);
        await using var drop = table;
        faults.Of(drop);
        (string Column, string Use)[] needed = [(contract.TextColumn, "text"), (contract.LabelColumn, "intent"), .. contract.IdColumn is { } id ? [(id, "id")] : Array.Empty<(string, string)>()];
        var missing = needed.Where(n => drop.IndexOf(n.Column) < 0)
            .Select(n => $"The header has no column '{n.Column}', which the contract names for the {n.Use}: add it to the file or mend the contract.").ToList();
        if (missing.Count > 0) return (Outcome<Labelled>.Reject([.. missing, .. drop.DelimiterAdvice is { Length: > 0 } advice ? [advice.Trim()] : Array.Empty<string>()]), true, 0, faults);
        var rows = new List<LabelledRow>();
        var read = 0;
        try
        {
            var ids = new HashSet<ulong>();
            var redactor = new Redactor(contract.Redaction);
            while (await drop.ReadAsync(cancel))
            {
                read++;
                if (read % 10_000 == 0) progress.Report(new("reading", drop.Fraction));
                if (Read(contract, redactor, drop, ids, faults, tally) is { } row) rows.Add(row);
            }
        }
        catch (InvalidDataException unreadable)
        {
            return (Outcome<Labelled>.Reject(unreadable.Message), true, read, faults);
        }

        var reasons = faults.Judge(read, contract.Training);
        return (reasons.Count > 0 ? Outcome<Labelled>.Reject(reasons) : new Labelled(rows, faults), true, read, faults);
    }

    private static LabelledRow? Read(TextContract contract, Redactor redactor, DropTable drop, HashSet<ulong> ids, RowFaults faults, TextTally? tally)
    {
        var row = drop.Row;
        int text = drop.IndexOf(contract.TextColumn), label = drop.IndexOf(contract.LabelColumn), id = contract.IdColumn is { } column ? drop.IndexOf(column) : -1;
        if (FaultOf(contract, drop, text, label, id) is { } fault)
        {
            if (drop.Complete) tally?.AddFault(drop[text]);
            faults.Add(row, fault);
            return null;
        }

        var (words, intent) = (drop[text].ToString(), drop[label].Trim().ToString());
        var key = RowKeys.Of(id >= 0 ? drop[id].Trim().ToString() : $"{words}\u001F{intent}");
        if (id >= 0 && !ids.Add(key))
        {
            if (tally is not null) tally.RepeatedIds++;
            faults.Add(row, $"'{contract.IdColumn}' repeats the id of an earlier row");
            return null;
        }

        tally?.Add(words, intent);
        return new(row, key, redactor.Redact(words).Text, intent); // as the classifier will see it
    }

    private static string? FaultOf(TextContract contract, DropTable drop, int text, int label, int id)
    {
        if (!drop.Complete) return "has not as many fields as the header";
        if (drop[text].IsWhiteSpace()) return $"'{contract.TextColumn}' is empty";
        if (drop[text].Length > contract.MaxLength) return string.Create(CultureInfo.InvariantCulture, $"'{contract.TextColumn}' is longer than {contract.MaxLength} characters");
        if (drop[label].IsWhiteSpace()) return $"'{contract.LabelColumn}' is empty";
        if (drop[label].Trim().Length > LongestLabel) return string.Create(CultureInfo.InvariantCulture, $"'{contract.LabelColumn}' is longer than {LongestLabel} characters");
        return id >= 0 && drop[id].IsWhiteSpace() ? $"'{contract.IdColumn}' is empty" : null;
    }

    private static Outcome<TextRows> Judge(TextContract contract, Labelled labelled)
    {
        var groups = labelled.Rows.Where(r => r.Label != contract.OutOfScopeLabel).GroupBy(r => r.Label).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var lonely = groups.Where(g => g.DistinctBy(r => r.Key).Count() == 1).Select(g => g.First().Row).Order().ToList();
        List<string> reasons =
        [
            .. groups.Count < 2 ? [$"'{contract.LabelColumn}' has fewer than two intents: drop texts of at least two."] : Array.Empty<string>(),
            .. groups.Count > MostIntents ? [string.Create(CultureInfo.InvariantCulture, $"'{contract.LabelColumn}' has {groups.Count} intents, more than {MostIntents}: name the column that holds intents in the contract.")] : Array.Empty<string>(),
            .. lonely.Count > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{lonely.Count} intents have only one text: give each at least two different ones, or remove it.")] : Array.Empty<string>(),
            .. lonely.Take(Named).Select(row => $"{labelled.Faults.Place(row)}: the only text of its intent"),
            .. BehaviourCases.Unknown(contract.Behaviour, groups.ConvertAll(g => g.Key)).Take(Named),
        ];
        if (reasons.Count > 0) return Outcome<TextRows>.Reject(reasons);

        var intents = groups.ConvertAll(g => g.Key);
        var classes = intents.Index().ToDictionary(i => i.Item, i => i.Index);
        var rows = labelled.Rows.ConvertAll(r => new TextRow(r.Key, r.Text, r.Label == contract.OutOfScopeLabel ? -1 : classes[r.Label]) { Row = r.Row });
        return new TextRows(contract, intents, rows.FindAll(r => r.Class >= 0), rows.FindAll(r => r.Class < 0), labelled.Faults.Rows) { Place = labelled.Faults.Place };
    }

    /// <summary>Rows that can be used, and the faults of the others.</summary>
    internal sealed record Labelled(List<LabelledRow> Rows, RowFaults Faults);

    /// <summary>A row with its label as written, trimmed.</summary>
    internal readonly record struct LabelledRow(int Row, ulong Key, string Text, string Label);
}
