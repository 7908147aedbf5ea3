using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Contracts;

namespace Serverless.Training.Credit;

/// <summary>Makes a contract like an earlier one: what people decided stays, and the file adds what is new. Pure.</summary>
public static class LikeContract
{
    /// <summary>What inference is told when the owner leaves it to the earlier contract.</summary>
    public static InferenceOptions Options(InferenceOptions given, CreditContract like)
    {
        string? Name(ColumnRole role) => like.Columns.FirstOrDefault(c => c.Role == role)?.Name;
        var target = given.Target.Length > 0 ? given.Target : Name(ColumnRole.Target)!;
        return given with
        {
            Target = target,
            Format = like.Format,
            Limits = like.Limits,
            Id = given.Id ?? Name(ColumnRole.Id),
            Date = given.Date ?? Name(ColumnRole.Date),
            Bad = given.Bad ?? (target == Name(ColumnRole.Target) ? like.Bad : null),
        };
    }

    /// <summary>
    /// The earlier contract with the columns of the file: those of the same name as they were, with codes that are new; rejected when what is
    /// kept no longer fits, such as a rule on a column that is gone.
    /// </summary>
    /// <param name="inferred">What the file shows, inferred with <see cref="Options"/>.</param>
    /// <param name="like">The earlier contract.</param>
    /// <param name="options">The same options.</param>
    /// <param name="version">Version of the new contract.</param>
    public static Outcome<InferredContract> Of(InferredContract inferred, CreditContract like, InferenceOptions options, string version)
    {
        var kept = like.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        var file = inferred.Contract.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        string?[] named = [options.Target, options.Id, options.Date];
        var columns = inferred.Contract.Columns.Select(c => kept.TryGetValue(c.Name, out var earlier) ? Column(c, earlier, named.Contains(c.Name)) : c)
            .Concat(like.Columns.Where(c => c.Expression is not null && !file.ContainsKey(c.Name))).ToList();
        var gone = like.Columns.Where(c => c.Expression is null && !file.ContainsKey(c.Name)).ToList();
        var contract = like with
        {
            Portfolio = options.Portfolio,
            Format = options.Format,
            Version = version,
            Columns = columns,
            Bad = inferred.Contract.Bad,
            Segments = [.. like.Segments.Where(s => columns.Any(c => c.Name == s))],
            Training = like.Training with { MaxRowsInError = Math.Max(like.Training.MaxRowsInError, inferred.Contract.Training.MaxRowsInError) },
        };
        return new CreditFamily().ReadContract(Json.File(contract)).Then<InferredContract>(_ => new InferredContract(contract)
        {
            Warnings =
            [
                // Of columns that a person has decided not to use nothing needs to be said again.
                .. inferred.Warnings.Where(w => !kept.ContainsKey(w.Column) || columns.Any(c => c.Name == w.Column && c.Role is ColumnRole.Input or ColumnRole.Target)),
                .. gone.Where(c => c.Role != ColumnRole.Ignored).Select(c => new ContractWarning(c.Name, $"Version '{like.Version}' has this column and the file has not, so it is left out: add it to the export if that is a mistake.")),
            ],
            Changes = ContractDiff.Of(like, contract),
        });
    }

    private static Column Column(Column found, Column earlier, bool named)
    {
        if (named || earlier.Role is ColumnRole.Target or ColumnRole.Id or ColumnRole.Date)
            return found.Role == earlier.Role ? earlier with { Missing = Union(earlier.Missing, found.Missing, earlier.Special) } : found;
        if (found.Type != earlier.Type || earlier.Expression is not null) return earlier;
        return earlier with
        {
            Missing = Union(earlier.Missing, found.Missing, earlier.Special),
            Special = Union(earlier.Special, found.Special, earlier.Missing),
        };
    }

    private static IReadOnlyList<string> Union(IReadOnlyList<string> earlier, IReadOnlyList<string> found, IReadOnlyList<string> other) => [.. earlier.Union(found.Except(other))];
}
