using System.Text.Json;
using Serverless.Serving;

namespace Serverless.Training.Quality;

/// <summary>
/// What a model's data looked like, kept beside it as <c>profile.json</c>: enough to tell later how far other rows have moved from it. It holds
/// cut points, shares, and values that at least one row in a hundred has.
/// </summary>
public sealed record ModelProfile
{
    /// <summary>Version of the form that profiles are written in.</summary>
    public const int Form = 1;

    /// <summary>Name of the file beside the model.</summary>
    public const string FileName = "profile.json";

    /// <summary>Version of the form that this profile is written in.</summary>
    public int Format { get; init; } = Form;

    /// <summary>Rows that it was made of.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns that the model was trained on.</summary>
    public IReadOnlyList<ReferenceColumn> Columns { get; init; } = [];

    /// <summary>The score on the holdout, in points.</summary>
    public ReferenceColumn? Score { get; init; }

    /// <summary>Outcomes of the rows.</summary>
    public EventRate? Outcomes { get; init; }

    /// <summary>The same by month, where the contract has a date.</summary>
    public IReadOnlyList<MonthQuality> Months { get; init; } = [];

    /// <summary>The reference of a column; null when the model knows none.</summary>
    public ReferenceColumn? Of(string column) => Columns.FirstOrDefault(c => c.Name == column);

    /// <summary>Reads a profile; null when a later program wrote it.</summary>
    /// <exception cref="InvalidModelException">It cannot be read.</exception>
    public static ModelProfile? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            // The form first: a later one may have members that this program does not know.
            using var document = JsonDocument.Parse(json.ToArray());
            if (!document.RootElement.TryGetProperty("format", out var format) || format.GetInt32() > Form) return null;
            return document.RootElement.Deserialize<ModelProfile>(Json.Options) ?? throw new InvalidModelException($"{FileName} is null: restore it.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidModelException($"{FileName} cannot be read, restore it: {error.Message}", error);
        }
    }
}
