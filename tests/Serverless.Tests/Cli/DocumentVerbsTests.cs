using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Tests.Training.Documents;

namespace Serverless.Tests.Cli;

public sealed class DocumentVerbsTests : IDisposable
{
    private readonly CliRun _cli = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Folder_is_inferred_checked_trained_on_measured_and_classified()
    {
        var pictures = MadePictures.Shapes(12, 1);
        var (folder, model, contract) = (Directory.CreateDirectory(_cli.PathOf("Shapes 2026")).FullName, _cli.PathOf("model"), _cli.PathOf("contract.json"));
        foreach (var picture in pictures) await File.WriteAllBytesAsync(Path.Combine(folder, picture.File), picture.Content, Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "index.csv"), MadePictures.Csv(pictures).Replace("file,label", "filename,category", StringComparison.Ordinal), Cancel);

        var inferred = await _cli.DoneAsync("contract", "infer", folder, "--family", "documents", "--out", contract);
        Assert.Equal(("shapes-2026", 16, 16, "grey", 10), ((string?)inferred["portfolio"], (int)inferred["height"]!, (int)inferred["width"]!, (string?)inferred["colours"], (int)inferred["labels"]!["other"]!));
        var edited = JsonNode.Parse(await File.ReadAllTextAsync(contract, Cancel))!.AsObject();
        Assert.Equal(("filename", "category"), ((string?)edited["fileColumn"], (string?)edited["labelColumn"]));
        edited["outOfScopeLabel"] = "other";
        edited["network"]!["channels"] = 16;
        edited["network"]!["epochs"] = 2;
        await File.WriteAllTextAsync(contract, edited.ToJsonString(), Cancel);
        Assert.Equal(46, (int)(await _cli.DoneAsync("contract", "check", contract, "--data", folder))["rows"]!);
        Assert.Equal(46, (int)(await _cli.DoneAsync("drops", "check", "--contract", contract, "--data", folder))["rows"]!);

        var trained = await _cli.DoneAsync("documents", "train", "--data", folder, "--contract", contract, "--out", model);
        Assert.Equal(46, (int)trained["rows"]!);
        Assert.True(File.Exists(Path.Combine(model, "card.html")));
        var zip = _cli.PathOf("shapes.zip");
        await File.WriteAllBytesAsync(zip, MadePictures.Zip([.. pictures.Select(p => (p.File, p.Content)), ("index.csv", await File.ReadAllBytesAsync(Path.Combine(folder, "index.csv"), Cancel))]), Cancel);
        var measured = await _cli.DoneAsync("documents", "evaluate", "--model", model, "--data", zip);
        Assert.Equal((46, 0), ((int)measured["rows"]!, (int)measured["unknownLabels"]!));
        Assert.Equal((double)measured["accuracy"]!, (double)(await _cli.DoneAsync("evaluate", "--model", model, "--data", folder))["accuracy"]!);

        var image = Path.Combine(folder, pictures[0].File);
        var answers = (await _cli.DoneAsync("documents", "classify", image, image, "--model", model, "--explain", "--top", "2"))["answers"]!.AsArray();
        Assert.Equal(2, answers.Count);
        Assert.Equal((pictures[0].File, 2, 8), ((string?)answers[0]!["file"], answers[0]!["top"]!.AsArray().Count, answers[0]!["explanation"]!["drops"]!.AsArray().Count));
        var (exit, output, _) = await _cli.RunAsync("documents", "classify", image, "--model", model, "--explain");
        Assert.Equal((0, 10), (exit, output.TrimEnd().Split('\n').Length));
        var text = await _cli.WriteAsync("text.png", "no picture");
        var (refused, json) = await _cli.JsonAsync("documents", "classify", image, text, "--model", model);
        Assert.Equal((2, "'text.png': The file is no picture, whatever its name says: send it as PNG, JPEG or WebP."), (refused, (string?)json["reasons"]![0]));
    }

    [Fact]
    public async Task Two_idx_files_in_any_order_train_under_a_usual_contract_that_lies_beside_the_model()
    {
        var rows = await MadePictures.RowsAsync(MadePictures.Contract with { OutOfScopeLabel = null }, ("a.zip", MadePictures.Zip(MadePictures.Shapes(4, 1))));
        var (images, labels, model) = (_cli.PathOf("dev-images-idx3-ubyte.gz"), _cli.PathOf("dev-labels-idx1-ubyte"), _cli.PathOf("model"));
        await File.WriteAllBytesAsync(images, MadePictures.Gzip(MadePictures.Idx([rows.Count, 16, 16], [.. rows.InScope.SelectMany(r => r.Picture.Values)])), Cancel);
        await File.WriteAllBytesAsync(labels, MadePictures.Idx([rows.Count], [.. rows.InScope.Select(r => (byte)r.Class)]), Cancel);
        var contract = await _cli.WriteAsync("contract.json", """{ "family": "documents", "portfolio": "boxes", "version": "1", "network": { "channels": 16, "epochs": 1 } }""");
        var one = await _cli.DoneAsync("documents", "train", "--data", images, labels, "--contract", contract, "--out", model);
        var two = await _cli.DoneAsync("documents", "evaluate", "--model", model, "--data", labels, "--data", images);
        Assert.Equal((22, 22), ((int)one["rows"]!, (int)two["rows"]!));
        await _cli.DoneAsync("contract", "infer", labels, images, "--family", "documents", "--portfolio", "boxes", "--out", _cli.PathOf("inferred.json"));
        var inferred = Assert.IsType<Outcome<DataContract>.Done>(new DocumentFamily().ReadContract(await File.ReadAllBytesAsync(_cli.PathOf("inferred.json"), Cancel))).Value;
        Assert.Equal((16, 16, PictureColours.Grey), (((DocumentContract)inferred).Picture.Height, ((DocumentContract)inferred).Picture.Width, ((DocumentContract)inferred).Picture.Colours));
    }

    [Fact]
    public async Task What_cannot_be_meant_is_told()
    {
        var csv = await _cli.WriteAsync("labels.csv", "file,label\na.png,x\n");
        Assert.Equal(
            "'labels.csv' is alone, and no picture came with it: drop a ZIP with pictures and one CSV of labels, the same as parts, or the two IDX files of pictures and labels.",
            await RejectedAsync("documents", "train", "--data", csv, "--out", _cli.PathOf("m")));
        Assert.Equal("Give either --contract, which names the portfolio, or --portfolio.", await RejectedAsync("documents", "train", "--data", csv, "--contract", csv, "--portfolio", "x", "--out", _cli.PathOf("m")));
        Assert.Equal("FILE must be one file; several, or a folder, are for --family documents.", await RejectedAsync("contract", "infer", csv, csv, "--target", "label", "--out", _cli.PathOf("c.json")));
        var zip = _cli.PathOf("a.zip");
        await File.WriteAllBytesAsync(zip, MadePictures.Zip([("labels.csv", "a,b,c\nx,y,z\n"u8.ToArray()), ("x", MadePictures.Shape("disc", 1).ToPng())]), Cancel);
        Assert.StartsWith("Which columns of the labels hold file and label cannot be told", await RejectedAsync("documents", "train", "--data", zip, "--out", _cli.PathOf("m")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.PathOf("m")));
    }

    private async Task<string?> RejectedAsync(params string[] args)
    {
        var (exit, json) = await _cli.JsonAsync(args);
        Assert.Equal(2, exit);
        return (string?)json["reasons"]![0];
    }
}
