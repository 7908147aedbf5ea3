using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>The family of scorecards: its contracts and models, as far as answering needs them.</summary>
public sealed class CreditFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => CreditContract.FamilyName;

    /// <inheritdoc/>
    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json)
    {
        CreditContract? contract;
        try
        {
            contract = JsonSerializer.Deserialize<CreditContract>(json, Json.Options);
        }
        catch (JsonException error)
        {
            return Outcome<DataContract>.Reject(NotAContract(error));
        }

        if (contract is null) return Outcome<DataContract>.Reject("The contract is null: write a JSON object.");
        var faults = ContractFaults.Of(contract);
        return faults.Count == 0 ? contract : Outcome<DataContract>.Reject(faults);
    }

    /// <inheritdoc/>
    public IServedModel Load(ModelBundle bundle) => CreditScorer.Load(bundle);

    // The serialiser's own words name the member and what is wrong with it; its places count from 0 and its types have namespaces.
    private static string NotAContract(JsonException error)
    {
        var words = error.Message.Split([" Path: ", " LineNumber: "], StringSplitOptions.None)[0]
            .Replace($"{typeof(CreditContract).Namespace}.", "", StringComparison.Ordinal)
            .Replace($"{typeof(DataContract).Namespace}.", "", StringComparison.Ordinal);
        var place = error.Path is { Length: > 0 } path ? $", {path}" : "";
        var choices = error.Path?.Split('.')[^1] switch
        {
            "type" => Choices<ColumnType>(),
            "role" => Choices<ColumnRole>(),
            "monotone" => Choices<Monotone>(),
            _ => "",
        };
        return $"Correct the contract at line {error.LineNumber + 1}{place}: {words}{choices}";
    }

    private static string Choices<T>()
        where T : struct, Enum => $" Write one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.";
}
