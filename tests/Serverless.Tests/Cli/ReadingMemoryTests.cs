using System.Diagnostics;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Tests.Serving.Documents.Reading;
using Serverless.Training.Samples;

namespace Serverless.Tests.Cli;

/// <summary>The bound of docs/results.md, by the program as people start it: a process of its own, all of its memory counted.</summary>
public class ReadingMemoryTests
{
    private const double MostGigabytes = 1.2;

    [Fact]
    public async Task Page_of_A4_is_read_within_the_memory_that_is_stated()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var cli = new CliRun();
        await InstalledReader.BundleAsync();
        await File.WriteAllBytesAsync(cli.PathOf("page.png"), Page(), cancel);
        var program = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "serverless.dll"), "documents", "read", cli.PathOf("page.png"), "--model", InstalledReader.Folder, "--json"]) { RedirectStandardOutput = true };
        using var reading = Process.Start(program)!;
        var output = reading.StandardOutput.ReadToEndAsync(cancel);
        var peak = 0L;
        while (!reading.WaitForExit(20))
        {
            reading.Refresh();
            try
            {
                peak = Math.Max(peak, reading.PeakWorkingSet64); // Linux keeps the highest so far
            }
            catch (InvalidOperationException) when (reading.HasExited)
            {
                // Between the question and the answer: what was seen before counts.
            }
        }

        Assert.Equal(0, reading.ExitCode);
        var page = JsonNode.Parse(await output)!["pages"]![0]!;
        Assert.Equal(1200, (int)page["width"]!);
        Assert.True(page["lines"]!.AsArray().Count > 30);
        Assert.InRange(peak / 1e9, 0.2, MostGigabytes);
    }

    private static byte[] Page()
    {
        using var faces = Typefaces.Load(Typefaces.DefaultFolder);
        var (_, drawn) = DocumentSample.Draw(1, new DocumentSampleOptions(2, 7) { Kind = PaperKind.Statement }, faces);
        using var sheet = Assert.IsType<Outcome<Picture>.Done>(PictureFile.Decode(drawn)).Value;
        using var across = sheet.Scaled(1200, (int)(sheet.Height * 1200.0 / sheet.Width));
        return across.ToPng();
    }
}
