using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Identity of a training run: what decides the model, and nothing else. The same id means that the work is done already.</summary>
internal static class RunId
{
    /// <summary>32 hex digits of the SHA-256 over data, contract (with its seed and rules), trainer revision and product version.</summary>
    public static string Of(string dataSha256, DataContract contract, ITrainingFamily family)
    {
        var contractHash = Json.CanonicalHash(JsonSerializer.SerializeToElement(contract, contract.GetType(), Json.Options));
        var content = $"data {dataSha256}\ncontract {contractHash}\ntrainer {family.Serving.Name} {family.Revision}\nproduct {Packages.Product}\n";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..32];
    }
}
