using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.House;
using Serverless.Tests.Training.Text;

namespace Serverless.Tests.Functions;

public partial class ContainerTests(ContainerImage image, TrainedText texts, AzuriteFixture azurite) : IClassFixture<ContainerImage>, IClassFixture<TrainedText>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Published_output_answers_in_a_root_directory_of_its_own(bool framework)
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        var (registry, bundle) = (new ModelRegistry(account), TrainedText.Bundle(texts.Model));
        await registry.PublishAsync(bundle, Cancel);
        Assert.True(await registry.PromoteAsync(TextContract.FamilyName, "example", bundle.Version, null, "test", DateTimeOffset.UnixEpoch, Cancel));

        await using var handler = await PublishedHandler.StartAsync(
            environment => Task.FromResult(image.Start(framework ? image.Serving : image.SelfContained, framework, environment)), "/home/site/wwwroot", connection,
            [.. ContainerImage.Variables().Select(v => (v.Key, v.Value)), ("ASPNETCORE_CONTENTROOT", "/azure-functions-host")]); // the last is the base image's
        Assert.Equal("""{"status":"ready"}""", await handler.Client.GetStringAsync("/api/health/ready", Cancel));
        using var scored = await handler.Client.PostAsync("/api/applications", new StringContent(PublishedHandler.Application("A-1"), Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.OK, scored.StatusCode);
        using var classified = await handler.Client.PostAsJsonAsync("/api/classify", new { portfolio = "example", text = "i lost the card today" }, Cancel);
        var answer = await classified.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((bundle.Version, "lost_card"), (answer.GetProperty("modelVersion").GetString(), answer.GetProperty("results")[0].GetProperty("intent").GetString()));
    }

    [Fact]
    public void Published_output_stays_within_its_size()
    {
        var (framework, contained) = (Megabytes(image.Serving), Megabytes(image.SelfContained));
        TestContext.Current.TestOutputHelper?.WriteLine($"serving{(ContainerImage.CanIsolate ? " in a root directory of its own" : "")}, framework-dependent {framework:F0} MB, self-contained {contained:F0} MB");
        Assert.InRange(framework, 10, 80);
        Assert.InRange(contained, 80, 180);
        Assert.False(Directory.Exists(Path.Combine(image.Serving, "runtimes")), "native libraries of other platforms");
        Assert.DoesNotContain(Directory.EnumerateFiles(image.SelfContained), f => Path.GetFileName(f) is "Serverless.Training.dll" or "Microsoft.ML.dll");
    }

    [Fact]
    public void Both_targets_are_published_alike_locked_and_owned_by_root()
    {
        var serving = ContainerImage.Publish("build-serving");
        Assert.Equal(serving.Except(["-p:Retraining=false"]), ContainerImage.Publish("build-full"));
        Assert.Contains("-p:RestoreLockedMode=true", serving);
        Assert.Matches("^USER [1-9][0-9]*:[1-9][0-9]*$", ContainerImage.Lines.Last(l => l.StartsWith("USER ", StringComparison.Ordinal)));
        Assert.DoesNotContain(ContainerImage.Lines, l => l.StartsWith("COPY --chown", StringComparison.Ordinal) || l.StartsWith("ADD ", StringComparison.Ordinal));
        foreach (var target in new[] { "serving", "full" }) Assert.Contains($"COPY --from=build-{target} /app /home/site/wwwroot", ContainerImage.Lines);

        // No secret, and a base that says its version.
        Assert.DoesNotContain(ContainerImage.Variables(), v => v.Key.Contains("STORAGE", StringComparison.OrdinalIgnoreCase) || v.Key.Contains("KEY", StringComparison.OrdinalIgnoreCase));
        Assert.All(ContainerImage.Lines.Where(l => l.StartsWith("FROM mcr.", StringComparison.Ordinal)), l => Assert.Matches(Versioned(), l));
        Assert.Contains($"FROM mcr.microsoft.com/dotnet/sdk:{Repository.Read("global.json").Split('"')[5][..4]}", string.Join('\n', ContainerImage.Lines), StringComparison.Ordinal);
    }

    private static double Megabytes(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) / 1024.0 / 1024;

    [GeneratedRegex(":[0-9]+(\\.[0-9]+)*(@sha256:[0-9a-f]{64})? AS [a-z]+$")]
    private static partial Regex Versioned();
}
