using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Market;

namespace Serverless.Training.Market.Strategies;

/// <summary>One setting that was tried on one state of a symbol's data.</summary>
/// <param name="Id">Hash of data and settings: the same trial has the same id.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="DataSha256">Hash of the data.</param>
/// <param name="Settings">Hash of everything that was chosen: parameters, costs, limits, what sizes. Trying it again on newer data is no new idea.</param>
/// <param name="Words">The setting in a few words.</param>
/// <param name="Days">Days that it was judged on.</param>
/// <param name="Sharpe">Yearly Sharpe ratio after costs.</param>
/// <param name="HedgedDaily">Daily Sharpe ratio of what is left beside the benchmark.</param>
/// <param name="At">When it was first tried.</param>
public sealed record Trial(string Id, string Symbol, string DataSha256, string Settings, string Words, int Days, double Sharpe, double HedgedDaily, DateTimeOffset At);

/// <summary>
/// Every trial ever made, one JSON object a line. What was tried and forgotten is what makes most strategies look good; here it counts.
/// </summary>
/// <param name="Trials">All trials, the earliest first.</param>
public sealed record TrialLedger(IReadOnlyList<Trial> Trials)
{
    /// <summary>Trials of a symbol, of each setting the last.</summary>
    public IReadOnlyList<Trial> Of(string symbol) => [.. Trials.Where(t => t.Symbol == symbol).GroupBy(t => t.Settings).Select(g => g.Last())];

    /// <summary>The trials of a search, and the search itself, which is an idea too.</summary>
    /// <param name="search">The search.</param>
    /// <param name="joined">What its walk-forward weights showed.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="dataSha256">Hash of the data.</param>
    /// <param name="rules">The rules that it was made under.</param>
    /// <param name="days">Days that were judged.</param>
    /// <param name="at">When.</param>
    public static IEnumerable<Trial> Of(StrategySearch search, TriedSetting joined, string symbol, string dataSha256, StrategyRules rules, int days, DateTimeOffset at)
    {
        var frame = new { rules.Costs, rules.Limits, rules.Sizing };
        foreach (var tried in search.Trials) yield return Make(tried.Parameters.Words, Hash(new { frame, tried.Parameters }), tried);
        yield return Make("walk-forward choice of all", Hash(new { frame, rules.Search }), joined);

        Trial Make(string words, string settings, TriedSetting tried) =>
            new(Hash(new { dataSha256, symbol, settings }), symbol, dataSha256, settings, words, days, tried.Sharpe, tried.HedgedDaily, at);
    }

    /// <summary>Reads the ledger; one that does not exist is empty.</summary>
    /// <exception cref="InvalidDataException">A line is no trial.</exception>
    public static async Task<TrialLedger> ReadAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path)) return new([]);
        return Parse(await File.ReadAllTextAsync(path, cancel), path);
    }

    /// <summary>Adds trials that are not there yet, and returns the whole. The file is held for this program alone meanwhile.</summary>
    /// <exception cref="InvalidDataException">A line is no trial.</exception>
    /// <exception cref="IOException">Another program holds the file.</exception>
    public static async Task<TrialLedger> AddAsync(string path, IEnumerable<Trial> trials, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var reader = new StreamReader(file, leaveOpen: true);
        var (whole, fresh) = Parse(await reader.ReadToEndAsync(cancel), path).With(trials);
        file.Seek(0, SeekOrigin.End);
        await file.WriteAsync(Encoding.UTF8.GetBytes(Lines(fresh)), cancel);
        return whole;
    }

    /// <summary>Reads a ledger.</summary>
    /// <param name="lines">Its lines.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="InvalidDataException">A line is no trial.</exception>
    public static TrialLedger Parse(string lines, string place)
    {
        using var reader = new StringReader(lines);
        var trials = new List<Trial>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            try
            {
                trials.Add(JsonSerializer.Deserialize<Trial>(line, Json.Options) ?? throw new JsonException("null"));
            }
            catch (JsonException)
            {
                throw new InvalidDataException($"Line {number} of the ledger '{place}' is no trial: restore the file from a copy. Without what was tried, evidence cannot be deflated.");
            }
        }

        return new(trials);
    }

    /// <summary>The lines of trials, each ended.</summary>
    public static string Lines(IEnumerable<Trial> trials) => string.Concat(trials.Select(t => JsonSerializer.Serialize(t, Json.Options) + "\n"));

    /// <summary>The ledger with trials that are not in it yet, and which they are.</summary>
    public (TrialLedger Whole, IReadOnlyList<Trial> Fresh) With(IEnumerable<Trial> trials)
    {
        var ids = Trials.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
        var fresh = trials.Where(t => ids.Add(t.Id)).ToList();
        return (new([.. Trials, .. fresh]), fresh);
    }

    private static string Hash<T>(T content) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, Json.Options)))[..32];
}
