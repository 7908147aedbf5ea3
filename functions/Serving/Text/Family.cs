using System.Text.Json;

namespace Serverless.Serving.Text;

/// <summary>The family of text classifiers: its contracts and models, as far as answering needs them.</summary>
public sealed class TextFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => TextContract.FamilyName;

    /// <inheritdoc/>
    public Outcome<DataContract> ReadContract(ReadOnlySpan<byte> json)
    {
        TextContract? contract;
        try
        {
            contract = JsonSerializer.Deserialize<TextContract>(json, Json.Options);
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
    public IServedModel Load(ModelBundle bundle) => TextClassifier.Load(bundle);

    // The serialiser's own words name the member and what is wrong with it; its places count from 0 and its types have namespaces.
    private static string NotAContract(JsonException error)
    {
        var words = error.Message.Split([" Path: ", " LineNumber: "], StringSplitOptions.None)[0]
            .Replace($"{typeof(TextContract).Namespace}.", "", StringComparison.Ordinal)
            .Replace($"{typeof(DataContract).Namespace}.", "", StringComparison.Ordinal);
        var place = error.Path is { Length: > 0 } path ? $", {path}" : "";
        return $"The contract cannot be read at line {error.LineNumber + 1}{place}: {words}";
    }
}
