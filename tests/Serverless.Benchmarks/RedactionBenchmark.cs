using System.Diagnostics;
using System.Globalization;
using Serverless.Serving.Text;
using Sylvan.Data.Csv;

namespace Serverless.Benchmarks;

/// <summary>What redaction takes out of real questions that hold no personal data, and what it costs.</summary>
internal static class RedactionBenchmark
{
    private const int Length = 100, Repeats = 5;
    private const double Goal = 20;

    private static readonly string[] Values = ["4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "jane.doe@example.com", "+44 7700 900123", "219-09-9999"];

    public static Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        if (Environment.GetEnvironmentVariable("SERVERLESS_DATA") is not { } data)
            return Task.FromResult<IReadOnlyList<Measurement>>([new("Redaction of BANKING77", "skipped: SERVERLESS_DATA names no folder")]);
        var texts = new List<string>();
        using (var csv = CsvDataReader.Create(Path.Combine(data, "banking77", "train.csv")))
            while (csv.Read()) texts.Add(csv.GetString(csv.GetOrdinal("text")));
        var redactor = new Redactor(new RedactionRules());
        var changed = texts.Where(t => redactor.Redact(t).Redactions.Count > 0).ToList();
        foreach (var text in changed) Console.Error.WriteLine($"  taken out of: {redactor.Redact(text).Text}");

        // Real words, cut to one length; then every one with a value in it.
        List<string> words = [.. Enumerable.Range(0, texts.Count).Select(i => Of(texts, i, Length))];
        List<string> valued = [.. words.Select((w, i) => $"{w[..50]} {Values[i % Values.Length]} {w[50..70]}")];
        var (plain, full) = (Microseconds(redactor, words), Microseconds(redactor, valued));
        return Task.FromResult<IReadOnlyList<Measurement>>(
        [
            new($"Questions of BANKING77 ({texts.Count}) from which something is taken out", string.Create(CultureInfo.InvariantCulture, $"{changed.Count} ({100.0 * changed.Count / texts.Count:F2} %)")),
            new($"Redaction of one text of {Length} characters", string.Create(CultureInfo.InvariantCulture, $"{plain:F2} µs, {1e6 / plain:N0} texts/s"), $"{Goal} µs", plain < Goal),
            new("  with a value in each", string.Create(CultureInfo.InvariantCulture, $"{full:F2} µs, {1e6 / full:N0} texts/s"), $"{Goal} µs", full < Goal),
        ]);
    }

    private static string Of(List<string> texts, int first, int length)
    {
        var text = texts[first];
        for (var next = first + 1; text.Length < length; next++) text += " " + texts[next % texts.Count];
        return text[..length];
    }

    private static double Microseconds(Redactor redactor, List<string> texts)
    {
        var best = double.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var began = Stopwatch.GetTimestamp();
            foreach (var text in texts) redactor.Redact(text);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds / texts.Count);
        }

        return best;
    }
}
