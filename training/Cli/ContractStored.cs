using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;

namespace Serverless.Cli;

/// <summary>What the verbs on stored contracts have in common.</summary>
internal static class ContractStored
{
    public static Argument<string> Family() => new("FAMILY") { Description = "Family, such as credit or text." };

    public static Argument<string> Portfolio() => new("PORTFOLIO") { Description = "Portfolio." };

    /// <summary>Why a family and portfolio cannot be looked up; empty when they can.</summary>
    public static IReadOnlyList<string> Faults(string family, string portfolio, params IEnumerable<string?> versions) =>
    [
        .. Names.Family.Allows(family) ? Array.Empty<string>() : [Names.Family.Fault],
        .. Names.Portfolio.Allows(portfolio) ? Array.Empty<string>() : [Names.Portfolio.Fault],
        .. versions.OfType<string>().All(Names.ContractVersion.Allows) ? Array.Empty<string>() : [Names.ContractVersion.Fault],
    ];

    /// <summary>A stored contract as it was written; rejected when there is none.</summary>
    /// <param name="stores">The stores.</param>
    /// <param name="family">Family.</param>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="version">Version; null for the active one.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<byte[]>> FindAsync(IServiceProvider stores, string family, string portfolio, string? version, CancellationToken cancel)
    {
        if (Faults(family, portfolio, version) is { Count: > 0 } faults) return Outcome<byte[]>.Reject(faults);
        return await stores.GetRequiredService<ContractStore>().FindAsync(family, portfolio, version, cancel) is { } found
            ? found.ToArray()
            : Outcome<byte[]>.Reject($"There is no {(version is null ? "active contract" : $"version '{version}' of the contract")} of {family}/{portfolio}: see 'serverless contract list {family} {portfolio}'.");
    }
}
