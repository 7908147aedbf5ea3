using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Tests.Serving.Documents.Reading;
using Serverless.Training.Documents;

namespace Serverless.Tests.Cli;

public class DocumentReadingVerbsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_read_without_storage_into_json_and_html()
    {
        using var cli = new CliRun();
        await InstalledReader.BundleAsync();
        await File.WriteAllBytesAsync(cli.PathOf("page.jpg"), TrialPage.Picture(), Cancel); // a PNG, whatever its name says
        await File.WriteAllTextAsync(cli.PathOf("letter.png"), "Dear bank", Cancel);
        var answer = await cli.DoneAsync("documents", "read", cli.PathOf("page.jpg"), cli.PathOf("letter.png"), "--out", cli.PathOf("read"), "--html");
        var page = answer["pages"]![0]!;
        Assert.Equal(("page.jpg", 640, 256, 4), ((string?)page["file"], (int)page["width"]!, (int)page["height"]!, page["lines"]!.AsArray().Count));
        Assert.Equal("Statement", (string?)page["lines"]![0]!["text"]);
        Assert.InRange((double)page["lines"]![0]!["confidence"]!, 0.9, 1);
        Assert.Equal([2, 2, 2, 2], page["lines"]![0]!["box"]!.AsArray().Select(corner => corner!.AsArray().Count));
        Assert.NotNull(page["fields"]);
        Assert.Contains("no picture", (string?)answer["pages"]![1]!["reasons"]![0], StringComparison.Ordinal);

        Assert.Equal(page.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(cli.PathOf("read/page.jpg.json"), Cancel))!.ToJsonString());
        var html = await File.ReadAllTextAsync(cli.PathOf("read/page.jpg.html"), Cancel);
        Assert.Equal(4, html.Split("<polygon").Length - 1);
        Assert.Contains("img-src data:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);

        var (exit, text, _) = await cli.RunAsync("documents", "read", cli.PathOf("page.jpg"));
        Assert.Equal(0, exit);
        Assert.Contains("Opened", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_can_be_read_the_reasons_are_told()
    {
        using var cli = new CliRun();
        await InstalledReader.BundleAsync();
        await File.WriteAllBytesAsync(cli.PathOf("page.png"), TrialPage.Picture()[..900], Cancel);
        var (exit, json) = await cli.JsonAsync("documents", "read", cli.PathOf("page.png"));
        Assert.Equal((2, "page.png: The PNG is cut off or damaged: send the whole file."), (exit, (string?)json["reasons"]![0]));
        (exit, json) = await cli.JsonAsync("documents", "read", cli.PathOf("page.png"), "--html");
        Assert.Equal((2, "--html writes files: say where with --out DIR."), (exit, (string?)json["reasons"]![0]));
        (exit, json) = await cli.JsonAsync("documents", "read", cli.PathOf("page.png"), "--model", cli.PathOf("none"));
        Assert.Equal(2, exit);
        Assert.Contains("run 'npm ci' in infra/local", (string?)json["reasons"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reader_is_registered_goes_live_and_is_exported()
    {
        var connection = await azurite.NewConnectionAsync();
        using var cli = new CliRun(connection);
        await InstalledReader.BundleAsync();
        var registered = await cli.DoneAsync("documents", "register", InstalledReader.Folder, "--name", "default", "--actor", "ann");
        var version = (string?)registered["version"];
        Assert.True((bool)registered["live"]!);
        var again = await cli.DoneAsync("documents", "register", "--name", "default", "--actor", "ben"); // the installed package: nothing changes
        Assert.Equal(version, (string?)again["version"]);

        await using var services = new ServiceCollection().AddLogging().AddSingleton(StorageAccount.Open(connection)).AddServing().BuildServiceProvider();
        var state = await services.GetRequiredService<ModelRegistry>().StateAsync("reading", "default", Cancel);
        Assert.Equal((version, "ann"), (state.Version, state.Last!.By));
        using (var lease = await services.GetRequiredService<LiveModels>().RentAsync<PageReader>("reading", "default", Cancel))
        {
            using var picture = InstalledReader.TrialPicture();
            Assert.Equal(4, (await lease!.Model.ReadAsync(picture, Cancel)).Lines.Count);
        }

        var (exit, json) = await cli.JsonAsync("documents", "register", "--name", "Default!", "--actor", "ann");
        Assert.Equal(2, exit);
        Assert.StartsWith("--name: portfolio must be", (string?)json["reasons"]![0], StringComparison.Ordinal);
    }
}
