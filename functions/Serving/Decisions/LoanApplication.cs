using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Serverless.Serving.Decisions;

/// <summary>
/// The message of a loan application, checked: <c>{applicationId, portfolio, submittedAt, fields{}}</c>, and <c>traceparent</c> where its
/// sender is traced.
/// </summary>
/// <param name="ApplicationId">Unique in the portfolio.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="SubmittedAt">When the applicant applied.</param>
/// <param name="Fields">The inputs, unchecked: the model's contract knows them.</param>
/// <param name="PayloadHash">SHA-256 (hex) of the message in canonical form, without the trace: a repetition may have another.</param>
internal sealed record LoanApplication(
    string ApplicationId, string Portfolio, DateTimeOffset SubmittedAt, IReadOnlyDictionary<string, JsonElement> Fields, string PayloadHash)
{
    /// <summary>The trace that the message came with, unchecked; null when it came with none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>A queue message holds 64 KiB, and base64 makes 64 of 48.</summary>
    internal const int MaxBytes = 48 * 1024;

    private const int MaxDepth = 8;
    private static readonly string[] Members = ["applicationId", "portfolio", "submittedAt", "fields", Telemetry.TraceParent];

    /// <summary>Reads a message; rejected with every fault at once, none of which repeats a value.</summary>
    public static Outcome<LoanApplication> Parse(ReadOnlyMemory<byte> message)
    {
        if (message.Length > MaxBytes)
            return Reject($"The message has {message.Length} bytes and may have {MaxBytes} (48 KiB): leave out what is no field of the contract.");
        if (!Utf8.IsValid(message.Span)) return Reject("The message is not UTF-8: send JSON in UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement);
        }
        catch (JsonException error)
        {
            // Its message may quote the text.
            return Reject(string.Create(CultureInfo.InvariantCulture,
                $"The message is not valid JSON, or nested deeper than {MaxDepth} levels, at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: send one JSON object."));
        }
        catch (InvalidOperationException)
        {
            // What the reader throws on text such as "\ud800", which JSON can escape and Unicode does not have.
            return Reject("The message escapes half of a surrogate pair: send valid Unicode.");
        }
    }

    private static Outcome<LoanApplication> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Reject("The message must be a JSON object with applicationId, portfolio, submittedAt and fields.");
        var hash = Json.CanonicalHash(root, without: Telemetry.TraceParent);
        var faults = new List<string>();

        var unknown = root.EnumerateObject().Count(m => !Members.Contains(m.Name));
        if (unknown > 0) faults.Add($"The message has {unknown} other members than applicationId, portfolio, submittedAt and fields: move inputs into fields, remove the rest.");
        faults.AddRange(Duplicates(root).Where(n => Members.Contains(n)).Select(n => $"{n} is there more than once: send it once."));

        var id = Text(root, "applicationId");
        if (!Names.ApplicationId.Allows(id)) faults.Add(Names.ApplicationId.Fault);
        var portfolio = Text(root, "portfolio");
        if (!Names.Portfolio.Allows(portfolio)) faults.Add(Names.Portfolio.Fault);
        if (!TryTime(root, out var submittedAt)) faults.Add("submittedAt must be a time in ISO 8601 with an offset, such as 2026-03-01T09:30:00Z.");

        var fields = new Dictionary<string, JsonElement>();
        if (root.TryGetProperty("fields", out var inputs) && inputs.ValueKind == JsonValueKind.Object)
        {
            faults.AddRange(Duplicates(inputs).Select(n => $"fields has '{n}' more than once: send it once."));
            foreach (var field in inputs.EnumerateObject()) fields[field.Name] = field.Value.Clone();
        }
        else
        {
            faults.Add("fields must be an object with a member for each input.");
        }

        return faults.Count > 0 ? Outcome<LoanApplication>.Reject(faults) : new LoanApplication(id!, portfolio!, submittedAt, fields, hash) { TraceParent = Text(root, Telemetry.TraceParent) };
    }

    private static Outcome<LoanApplication> Reject(string reason) => Outcome<LoanApplication>.Reject(reason);

    private static IEnumerable<string> Duplicates(JsonElement value) =>
        value.EnumerateObject().GroupBy(m => m.Name).Where(g => g.Skip(1).Any()).Select(g => g.Key);

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    // The reader takes a time without offset for local time, which means another moment on each machine.
    private static bool TryTime(JsonElement root, out DateTimeOffset time)
    {
        time = default;
        return Text(root, "submittedAt") is { Length: > 16 } text && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && text[10] == 'T' && root.GetProperty("submittedAt").TryGetDateTimeOffset(out time);
    }
}
