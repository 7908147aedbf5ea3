using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Poison;
using Serverless.Tests.Serving.Decisions;
using Serverless.Training.Drops;

namespace Serverless.Tests.Cli;

/// <summary>What is known under an id is given out and erased, wherever it is kept.</summary>
public class SubjectVerbsTests(AzuriteFixture azurite)
{
    private const string Folder = "credit/example/";
    private const string Source = "The core-banking system that the exports come from must erase it too, or the next export brings it back. Models that were trained on erased rows stay as they are.";

    private static readonly CreditContract Contract = new()
    {
        Family = "credit",
        Portfolio = "example",
        Version = "1",
        Drops = DropMode.Increment,
        Format = new() { Encoding = "windows-1252" },
        Bad = ["1"],
        Columns =
        [
            new() { Name = "id", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "name", Type = ColumnType.Category, Role = ColumnRole.Ignored },
            new() { Name = "income", Type = ColumnType.Number },
            new() { Name = "status", Type = ColumnType.Category, Role = ColumnRole.Target, Allowed = ["0", "1"] },
        ],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Id_without_its_portfolio_is_refused_where_there_are_several_and_files_of_none_are_told()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        var contracts = new ContractStore(account, [new CreditFamily()]);
        foreach (var portfolio in new[] { "example", "other" }) Assert.IsType<Outcome<DataContract>.Done>(await contracts.ActivateAsync(Json.File(Contract with { Portfolio = portfolio }), Cancel));
        await PutAsync(account.Blobs.GetBlobContainerClient("rejected"), "credit/nobody/x.csv", Latin("id\nA-1\n"));
        await PutAsync(account.Blobs.GetBlobContainerClient("drops"), $"{Folder}ragged.csv", Latin("id,name,income,status\nA-1,x,y,5,0\n"));
        using var cli = new CliRun(connection);

        var (exit, refused) = await cli.JsonAsync("subject", "erase", "--id", "A-1", "--actor", "ann");
        Assert.Equal((2, "An id is unique within one portfolio only, and may be another person's in another: name one with --portfolio (example, other)."), (exit, (string?)refused["reasons"]![0]));
        Assert.Equal((string?)refused["reasons"]![0], (string?)(await cli.JsonAsync("subject", "export", "--id", "A-1", "--out", cli.PathOf("person"))).Json["reasons"]![0]);

        var (_, _, said) = await cli.RunAsync("subject", "erase", "--id", "A-1", "--actor", "ann", "--portfolio", "example");
        Assert.Contains($"drops/{Folder}ragged.csv could not be searched, 1 of its rows have another number of fields than the header and may hold it too", said, StringComparison.Ordinal);
        var (_, _, other) = await cli.RunAsync("subject", "erase", "--id", "A-1", "--actor", "ann", "--portfolio", "nobody");
        Assert.Contains("rejected/credit/nobody/x.csv belongs to no portfolio with a contract, so it could not be searched", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_under_an_id_is_given_out_and_erased_and_what_remains_is_told()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(account);
        using (var instance = new ScoringInstance(account, TimeProvider.System)) foreach (var id in new[] { "A-1", "A-2" }) await instance.DecideAsync(id);
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [new CreditFamily()]).ActivateAsync(Json.File(Contract), Cancel));
        await new PoisonStore(account, TimeProvider.System).RejectAsync("loan-applications", ScoringInstance.Message(income: "1"), ["conflict"], Cancel);
        var (drops, rejected, datasets) = (account.Blobs.GetBlobContainerClient("drops"), account.Blobs.GetBlobContainerClient("rejected"), account.Blobs.GetBlobContainerClient("datasets"));
        await PutAsync(drops, $"{Folder}march.parts/a.csv", Latin("id,name,income,status\nA-2,Bäcker,1,0\n A-1 ,Müller,2,1\n"));
        await PutAsync(rejected, $"{Folder}odd.csv", Latin("number;income\nA-1;3\n"));
        await PutAsync(drops, $"{Folder}march.drop.json", "{}"u8.ToArray());
        var zipped = Zipped(Latin("id;name;income;status\nA-1;\"a;\"\"b\"\"\nc\";2;1\nA-3;\"ö;ü\";4;0\n"));
        var store = new DatasetStore(account);
        var parts = new[] { zipped, Latin("id,name,income,status\nA-1,x,5,0\n"), Latin("id,name,income,status\nA-9,x,5,0\n") };
        foreach (var part in parts) await store.KeepAsync("credit", "example", Hash(part), new MemoryStream(part), Cancel);
        var dataset = new Dataset { Mode = DropMode.Increment, Drops = [.. parts.Select((p, i) => new DatasetDrop($"{Folder}{i}.csv", $"{i}", DateTimeOffset.UnixEpoch.AddDays(i), "1", [new($"{i}.csv", Hash(p), p.Length)]))] };
        await store.WriteAsync("credit", "example", dataset, Cancel);
        await store.PointAsync("credit", "example", new(dataset.Sha256()), null, Cancel);
        using var cli = new CliRun(connection);

        var exported = await cli.DoneAsync("subject", "export", "--id", "A-1", "--out", cli.PathOf("a1"));
        Assert.Equal((1, 1, 3), ((int)exported["applications"]!, (int)exported["refused"]!, (int)exported["rows"]!));
        Assert.Equal($"rejected/{Folder}odd.csv: it has no column 'id'", (string?)exported["notSearched"]!.AsArray().Single());
        var data = JsonNode.Parse(await File.ReadAllTextAsync(cli.PathOf("a1/subject.json"), Cancel))!;
        Assert.Equal(("refer", 900), ((string?)data["applications"]![0]!["decision"]!["verdict"], (int)data["applications"]![0]!["inputs"]!["fields"]!["income"]!));
        Assert.Equal(($"drops/{Folder}march.parts/a.csv", 2, "Müller"), ((string?)data["rows"]![0]!["export"], (int)data["rows"]![0]!["row"]!, (string?)data["rows"]![0]!["fields"]!["name"]));
        Assert.Contains("\"income\": 1", (string?)data["refused"]![0]!["message"], StringComparison.Ordinal);

        var (exit, json) = await cli.JsonAsync("subject", "erase", "--id", "A-1", "--actor", "officer");
        Assert.True(exit == 2, json.ToJsonString());
        string[] left =
        [
            $"drops/{Folder}march.parts/a.csv holds it in row 2: delete the file, or put one without the rows in its place.",
            $"rejected/{Folder}odd.csv could not be searched, it has no column 'id': look for the id in it, or delete the file.",
            Source,
        ];
        Assert.Equal([.. left, "Erased: 1 applications, 0 papers, 1 refused messages, 0 feedbacks, 2 rows of the data that models are trained on."], json["reasons"]!.AsArray().Select(r => (string?)r));
        Assert.Equal(1, (int)(await cli.DoneAsync("decisions", "verify"))["erased"]!);
        var current = (await store.CurrentAsync("credit", "example", Cancel))!.Dataset;
        Assert.Equal([$"{Folder}0.csv", $"{Folder}2.csv"], current.Drops.Select(d => d.Drop));
        Assert.Equal((Hash(zipped), 1), (current.Drops[0].Parts[0].ErasedFrom, current.Drops[0].Parts[0].Rows));
        var written = (await datasets.GetBlobClient($"{Folder}parts/{current.Drops[0].Parts[0].Sha256}").DownloadContentAsync(Cancel)).Value.Content.ToArray();
        Assert.Equal("id;name;income;status\nA-3;\"ö;ü\";4;0\n", Encoding.Latin1.GetString(Unzipped(written)).ReplaceLineEndings("\n"));
        Assert.Equal(2, await datasets.GetBlobsAsync(new() { Prefix = $"{Folder}parts/" }, Cancel).CountAsync(Cancel));
        Assert.Contains("A-2", (string?)(await cli.DoneAsync("decisions", "show", "example", "A-2"))["decision"]!["applicationId"], StringComparison.Ordinal);

        foreach (var (container, name) in new[] { (drops, "march.parts/a.csv"), (rejected, "odd.csv") }) await container.GetBlobClient(Folder + name).DeleteAsync(cancellationToken: Cancel);
        var done = await cli.RunAsync("subject", "erase", "--id", "A-1", "--portfolio", "example", "--actor", "officer");
        Assert.Equal((0, $"Erased: 1 applications, 0 papers, 0 refused messages, 0 feedbacks, 0 rows of the data that models are trained on.\n{Source}\n"), (done.Exit, done.Output.ReplaceLineEndings("\n")));
    }

    [Theory]
    [InlineData("export", "A-1", "Nothing is known under 'A-1'.")]
    [InlineData("erase", "A-1", "Nothing is known under 'A-1'.")]
    [InlineData("erase", " A-1", "--id must be an id without blanks around it.")]
    [InlineData("export", "../A-1", "Nothing is known under '../A-1'.")]
    public async Task Id_that_nothing_is_known_under_is_refused(string verb, string id, string reason)
    {
        var connection = await azurite.NewConnectionAsync();
        await StorageAccount.Open(connection).PrepareAsync(Cancel);
        using var cli = new CliRun(connection);
        var (exit, json) = await cli.JsonAsync(verb == "export" ? ["subject", "export", "--id", id, "--out", cli.PathOf("out")] : ["subject", "erase", "--id", id, "--actor", "officer"]);
        Assert.Equal((2, reason), (exit, (string?)json["reasons"]!.AsArray().Single()));
    }

    private static async Task PutAsync(BlobContainerClient container, string name, byte[] content) => await container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), Cancel);

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static string Hash(byte[] content) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));

    private static byte[] Zipped(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(content);
        return zipped.ToArray();
    }

    private static byte[] Unzipped(byte[] content)
    {
        using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
