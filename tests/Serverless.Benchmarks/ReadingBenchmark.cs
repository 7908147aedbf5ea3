using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Documents;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>One A4 page of 1,200 pixels across, and the biggest picture that is allowed, each read in a process of its own.</summary>
internal static class ReadingBenchmark
{
    public const string Child = "reading-child";

    private const int Width = 1200, Repeats = 7, Drawn = 20, Seed = 7;
    private const double Goal = 2.5, MostGigabytes = 1.2, MostHeight = 1.45;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        if (ReadingFolder.Installed(AppContext.BaseDirectory) is null) return [new("Reading", $"skipped: {ReadingFolder.HowToInstall}")];
        if (!Directory.Exists(Typefaces.DefaultFolder)) return [new("Reading", $"skipped: no fonts in {Typefaces.DefaultFolder}")];
        var (page, biggest) = (Path.Combine(workplace.Folder, "page.png"), Path.Combine(workplace.Folder, "biggest.png"));
        await DrawAsync(page, biggest);
        var read = await Workplace.RunChildAsync<Figures>(Child, page, Repeats.ToString(CultureInfo.InvariantCulture));
        var big = await Workplace.RunChildAsync<Figures>(Child, biggest, "1");
        return
        [
            new($"Read an A4 page, {Width} pixels across, {read.Lines} lines, median of {Repeats}", string.Create(CultureInfo.InvariantCulture, $"{read.Seconds:F2} s"), $"{Goal} s", read.Seconds < Goal),
            new("  processor time of it, both cores together", string.Create(CultureInfo.InvariantCulture, $"{read.ProcessorSeconds:F2} s")),
            new("  the first one, in a new process", string.Create(CultureInfo.InvariantCulture, $"{read.FirstSeconds:F2} s")),
            new("  peak memory of the process", string.Create(CultureInfo.InvariantCulture, $"{read.PeakGigabytes:F2} GB"), $"{MostGigabytes} GB", read.PeakGigabytes < MostGigabytes),
            new("Read the biggest picture that is allowed, 50 million pixels: peak memory of the process", string.Create(CultureInfo.InvariantCulture, $"{big.PeakGigabytes:F2} GB"), $"{MostGigabytes} GB", big.PeakGigabytes < MostGigabytes),
            new("  time of it", string.Create(CultureInfo.InvariantCulture, $"{big.FirstSeconds:F2} s")),
        ];
    }

    /// <summary>Decodes and reads a picture some times; the model is loaded before that.</summary>
    public static async Task<int> RunChildAsync(string file, int repeats)
    {
        var contract = new ReadingContract { Family = ReadingContract.FamilyName, Portfolio = "benchmark", Version = "1" };
        var bundle = await ReadingFolder.ReadAsync(ReadingFolder.Installed(AppContext.BaseDirectory)!, contract, DateTimeOffset.UnixEpoch, default);
        using var reader = PageReader.Load(((Outcome<ModelBundle>.Done)bundle).Value);
        using var self = Process.GetCurrentProcess();
        var (seconds, processor, lines) = (new List<double>(), new List<double>(), 0);
        for (var i = 0; i <= repeats; i++)
        {
            self.Refresh();
            var (clock, before) = (Stopwatch.StartNew(), self.TotalProcessorTime);
            using var picture = ((Outcome<Picture>.Done)PictureFile.Decode(await File.ReadAllBytesAsync(file))).Value;
            lines = (await reader.ReadAsync(picture, default)).Lines.Count;
            self.Refresh();
            seconds.Add(clock.Elapsed.TotalSeconds);
            processor.Add((self.TotalProcessorTime - before).TotalSeconds);
            if (repeats == 1) break;
        }

        self.Refresh();
        Console.WriteLine(JsonSerializer.Serialize(new Figures(lines, seconds[0], Median(seconds.Skip(1)), Median(processor.Skip(1)), self.PeakWorkingSet64 / 1e9)));
        return 0;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : 0;

    private static async Task DrawAsync(string page, string biggest)
    {
        using var faces = Typefaces.Load(Typefaces.DefaultFolder);
        // The fullest of some, so that it takes as long whatever the samples are like.
        var options = new DocumentSampleOptions(Drawn, Seed) { Kind = PaperKind.Statement };
        var (_, drawn) = Enumerable.Range(0, Drawn).Select(i => DocumentSample.Draw(i, options, faces)).Where(d => d.Truth.Height <= MostHeight * d.Truth.Width).MaxBy(d => d.Truth.Lines.Count);
        using var sheet = ((Outcome<Picture>.Done)PictureFile.Decode(drawn)).Value;
        using var across = sheet.Scaled(Width, (int)((double)sheet.Height * Width / sheet.Width));
        await File.WriteAllBytesAsync(page, across.ToPng());
        var side = (int)Math.Sqrt(new PictureLimits().MaxPixels);
        using var enlarged = sheet.Scaled(side, side);
        await File.WriteAllBytesAsync(biggest, enlarged.ToPng());
    }

    private sealed record Figures(int Lines, double FirstSeconds, double Seconds, double ProcessorSeconds, double PeakGigabytes);
}
