using System.Text;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Tests.Serving.Documents.Reading;
using Serverless.Training.Documents;

namespace Serverless.Tests.Training.Documents;

public class ReadingFolderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Package_becomes_a_bundle_that_tells_where_it_comes_from()
    {
        var bundle = await InstalledReader.BundleAsync();
        Assert.Equal(("reading", "tests"), (bundle.Manifest.Family, bundle.Manifest.Portfolio));
        Assert.Equal("1.4.2", bundle.Manifest.Packages[ReadingFolder.Package]);
        var source = bundle.Read<ReadingSource>(PageReader.SourceFile);
        Assert.Equal((ReadingFolder.Package, "1.4.2", "MIT", 4), (source.Package, source.Version, source.Licence, source.Files.Count));
        var licence = Encoding.UTF8.GetString(bundle.Read(PageReader.LicenceFile).Span);
        Assert.Contains("MIT", licence, StringComparison.Ordinal);
        Assert.Contains("Apache License, Version 2.0", licence, StringComparison.Ordinal);
        Assert.Equal(bundle.Version, (await InstalledReader.ReadAsync(InstalledReader.Contract)).Version);
    }

    [Fact]
    public async Task Rules_of_a_contract_are_kept_and_need_not_read_the_page_of_the_trial()
    {
        var contract = InstalledReader.Contract with { Pictures = new() { MaxPixels = 3_000_000 }, Detection = new() { LeastSide = 800 }, Recognition = new() { LeastConfidence = 1, SpaceFrom = 0.7 } };
        using var reader = PageReader.Load(await InstalledReader.ReadAsync(contract));
        Assert.Equal((contract.Pictures, contract.Detection, contract.Recognition), (reader.Contract.Pictures, reader.Contract.Detection, reader.Contract.Recognition));
        reader.SelfTest();
        using var picture = InstalledReader.TrialPicture();
        Assert.Empty((await reader.ReadAsync(picture, Cancel)).Lines);
    }

    [Fact]
    public async Task Folder_that_lacks_files_is_rejected_with_each_of_them()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-reading-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "my_det.onnx"), "no graph", Cancel);
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), "[", Cancel);
            var reasons = Assert.IsType<Outcome<ModelBundle>.Rejected>(await ReadingFolder.ReadAsync(folder, InstalledReader.Contract, default, Cancel)).Reasons;
            Assert.Equal(5, reasons.Count);
            Assert.Contains(reasons, r => r.StartsWith("detection.onnx is refused", StringComparison.Ordinal));
            Assert.Equal(3, reasons.Count(r => r.Contains("run 'npm ci' in infra/local", StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Graphs_that_do_not_read_the_page_of_the_trial_are_rejected()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-reading-").FullName;
        try
        {
            foreach (var path in Directory.GetFiles(Path.Combine(InstalledReader.Folder, "assets"))) File.Copy(path, Path.Combine(folder, Path.GetFileName(path)));
            var keys = Path.Combine(folder, "ppocr_keys_v1.txt");
            var characters = await File.ReadAllLinesAsync(keys, Cancel);
            await File.WriteAllTextAsync(keys, string.Join('\n', characters.Reverse()), Cancel);
            Assert.Contains("do not read the page", Assert.Single(Assert.IsType<Outcome<ModelBundle>.Rejected>(await ReadingFolder.ReadAsync(folder, InstalledReader.Contract, default, Cancel)).Reasons), StringComparison.Ordinal);
            await File.WriteAllTextAsync(keys, string.Join('\n', characters.Take(100)), Cancel);
            Assert.Contains("take graph and list of one PP-OCR release", Assert.Single(Assert.IsType<Outcome<ModelBundle>.Rejected>(await ReadingFolder.ReadAsync(folder, InstalledReader.Contract, default, Cancel)).Reasons), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
