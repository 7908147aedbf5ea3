using System.Text.Json;

namespace Serverless.Serving;

/// <summary>Reads a contract of any family from JSON; what is wrong is said as instructions, all faults at once.</summary>
internal static class ContractReader
{
    // As its JSON Schema reads it: members and choices in the case that they have.
    private static readonly JsonSerializerOptions Exact = new(Json.Options) { PropertyNameCaseInsensitive = false };

    static ContractReader() => Exact.Converters.Insert(0, new ExactChoice());

    /// <summary>Parses, then checks.</summary>
    /// <param name="json">The file.</param>
    /// <param name="faults">What is wrong with a contract that could be parsed; empty when it is good.</param>
    public static Outcome<DataContract> Read<T>(ReadOnlySpan<byte> json, Func<T, IReadOnlyList<string>> faults)
        where T : DataContract
    {
        if (OtherForm(json) is { } form) return Outcome<DataContract>.Reject(form);
        T? contract;
        try
        {
            contract = JsonSerializer.Deserialize<T>(json, Exact);
        }
        catch (JsonException error)
        {
            return Outcome<DataContract>.Reject(NotAContract<T>(error));
        }

        if (contract is null) return Outcome<DataContract>.Reject("The contract is null: write a JSON object.");
        return faults(contract) is { Count: > 0 } found ? Outcome<DataContract>.Reject(found) : contract;
    }

    // First of all, for a later form may have members that this program does not know.
    private static string? OtherForm(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var contract = JsonDocument.ParseValue(ref reader);
            if (contract.RootElement.ValueKind != JsonValueKind.Object || !contract.RootElement.TryGetProperty("schemaVersion", out var version)) return null;
            if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt64(out var form) || form == DataContract.Form) return null;
            return form > DataContract.Form
                ? $"The contract is written in form {form} and this program reads form {DataContract.Form}: update the program, or write the contract in form {DataContract.Form}."
                : $"There is no form {form} of contracts: write \"schemaVersion\": {DataContract.Form}.";
        }
        catch (JsonException)
        {
            return null; // what reads the contract tells where it is wrong
        }
    }

    // The serialiser's own words name the member and what is wrong with it; its places count from 0 and its types have namespaces.
    private static string NotAContract<T>(JsonException error)
    {
        var words = error.Message.Split([" Path: ", " LineNumber: "], StringSplitOptions.None)[0];
        foreach (var space in new[] { typeof(T).Namespace, typeof(DataContract).Namespace }) words = words.Replace($"{space}.", "", StringComparison.Ordinal);
        var place = error.Path is { Length: > 0 } path ? $", {path}" : "";
        return $"Correct the contract at line {error.LineNumber + 1}{place}: {words}";
    }
}
