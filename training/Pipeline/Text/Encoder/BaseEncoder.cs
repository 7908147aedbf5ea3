using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Finds the encoder that a contract names.</summary>
internal static class BaseEncoder
{
    /// <summary>Its bundle; rejected when it is not there, or cannot be used under the contract.</summary>
    public static async Task<Outcome<ModelBundle>> FindAsync(TextContract contract, EncoderRules rules, ReadingContext context, CancellationToken cancel)
    {
        if (await context.BaseModel(EncoderSettings.FamilyName, rules.Name, rules.Version, cancel) is not { } bundle)
        {
            return Outcome<ModelBundle>.Reject(
                $"The contract's encoder '{rules.Name}' of version {rules.Version} is not there: run 'serverless encoders register FOLDER --name {rules.Name} --actor NAME' with the folder that it was registered from, or name one that 'serverless encoders list' shows. Without storage, train with --encoder FOLDER.");
        }

        List<string> faults = [];
        var megabytes = bundle.Served.Values.Sum(f => (long)f.Length) / 1048576.0;
        if (megabytes > contract.Gate.MaxBundleMegabytes)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The encoder '{rules.Name}' has {megabytes:0.#} MB, every model on it holds it, and 'gate.maxBundleMegabytes' lets a model have {contract.Gate.MaxBundleMegabytes:0.###} MB: raise that to {Math.Ceiling(megabytes) + 16:0} or more, or name a smaller encoder."));
        }

        var most = bundle.Read<EncoderSettings>(EncoderSettings.File).MostTokens;
        if (rules.MaxTokens > most) faults.Add(string.Create(CultureInfo.InvariantCulture, $"The encoder '{rules.Name}' reads up to {most} tokens and 'encoder.maxTokens' is {rules.MaxTokens}: write {most} or less."));
        return faults.Count > 0 ? Outcome<ModelBundle>.Reject(faults) : bundle;
    }
}
