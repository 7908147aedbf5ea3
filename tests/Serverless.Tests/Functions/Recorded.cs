using System.Text.Json;

namespace Serverless.Tests.Functions;

/// <summary>A request as the real Functions host sent it.</summary>
internal sealed record Recorded(string Method, string Path, Dictionary<string, string> Headers, string? Body)
{
    /// <summary>The documented body of a timer trigger; none was recorded.</summary>
    public const string Timer = """
        {"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-11-23T02:00:00.0012+00:00","Next":"2026-11-24T02:00:00+00:00","LastUpdated":"2026-11-23T02:00:00.0012+00:00"},"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"tick","UtcNow":"2026-11-24T02:00:00.0007Z","RandGuid":"2730d98e-4bb7-4893-9f3b-45d057c1f89c"}}}
        """;

    public static IReadOnlyList<Recorded> Requests { get; } =
        [.. File.ReadLines(System.IO.Path.Combine(AppContext.BaseDirectory, "Functions", "recorded-requests.jsonl")).Select(l => JsonSerializer.Deserialize<Recorded>(l, JsonSerializerOptions.Web)!)];

    /// <summary>Sends it to a function.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), path);
        if (Body is not null) request.Content = new StringContent(Body);
        foreach (var (name, value) in Headers)
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(value);
            else if (name == "Transfer-Encoding") request.Headers.TransferEncodingChunked = true;
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
