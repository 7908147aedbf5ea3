using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Samples;
using SkiaSharp;

namespace Serverless.Tests.Training.Samples;

public sealed class DocumentSampleTests
{
    [Fact]
    public void Papers_of_all_kinds_hold_their_fields_within_the_page()
    {
        for (var i = 0; i < 200; i++)
        {
            var sheet = DocumentSample.Sheet(Draws.For(i, 5), DocumentSample.KindOf(i), Typefaces.Nominal);
            var truth = PrintedLines.Truth(sheet, "x", (int)sheet.Width, (int)sheet.Height, DocumentSample.Still);
            Assert.Equal(DocumentSample.KindOf(i), truth.Type);
            Assert.All(truth.Lines, l => Assert.True(l.Text.Length > 0 && l.Box.BottomLeft.Y <= sheet.Height + 1));
            Assert.Equal(truth.Type is PaperKind.Identity or PaperKind.Form, truth.Fields.Count == 0);
            if (truth.Fields.TryGetValue(KeyFieldName.Iban, out var iban)) Assert.Contains(iban.Normalised, iban.Value.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ibans_pass_the_check_that_redaction_uses()
    {
        foreach (var country in SampleCountries.All.Where(c => c.Bban is not null))
        {
            List<(int, int)> found = [];
            var iban = new Fiction(Draws.For(1, 2), country).Iban(country.Bban!);
            Serverless.Serving.Text.Ibans.Find(iban, found);
            Assert.Equal([(0, iban.Length)], found);
        }
    }

    [Fact]
    public void Document_depends_on_its_number_and_the_seed_alone()
    {
        var (first, again, other) = (Texts(3, 7), Texts(3, 7), Texts(3, 8));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        static List<string> Texts(int number, int seed) => [.. DocumentSample.Sheet(Draws.For(number, seed), PaperKind.Receipt, Typefaces.Nominal).Inks.Select(i => i.Text)];
    }

    [Fact]
    public void Folder_without_fonts_says_which_packages_to_install()
    {
        var folder = Directory.CreateTempSubdirectory("no-fonts-");
        Assert.Contains("fonts-dejavu-core and fonts-liberation", Assert.Throws<DirectoryNotFoundException>(() => Typefaces.Load(folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no folder", Assert.Throws<DirectoryNotFoundException>(() => Typefaces.Load(folder.FullName + "-absent")).Message, StringComparison.Ordinal);
        folder.Delete();
    }

    [Fact]
    public async Task Folder_has_pictures_truth_and_labels()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Typefaces.DefaultFolder, "dejavu")) && Directory.Exists(Path.Combine(Typefaces.DefaultFolder, "liberation")), "The Debian packages fonts-dejavu-core and fonts-liberation are not installed.");
        using var cli = new Cli.CliRun();
        var done = await cli.DoneAsync("sample", "documents", "--out", cli.PathOf("papers"), "--count", "3", "--seed", "4", "--kind", "receipt", "--degraded");
        Assert.Equal(3, (int)done["kinds"]!["receipt"]!);
        var truths = JsonSerializer.Deserialize<List<DocumentTruth>>(await File.ReadAllBytesAsync(cli.PathOf("papers/truth.json"), TestContext.Current.CancellationToken), Json.Options)!;
        var labels = await File.ReadAllLinesAsync(cli.PathOf("papers/labels.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(["file,label", .. truths.Select(t => $"{t.File},receipt")], labels);
        foreach (var truth in truths)
        {
            using var picture = SKBitmap.Decode(cli.PathOf($"papers/{truth.File}"));
            Assert.Equal((truth.Width, truth.Height), (picture.Width, picture.Height));
            Assert.All(truth.Lines, l => Assert.True(l.Box.TopLeft.X > -5 && l.Box.BottomRight.Y < truth.Height + 5));
            var line = truth.Lines.First(l => l.Text.Length > 6); // its ink is where the truth says: there it is darker than the paper
            Assert.True(Darkest(picture, line.Box) < 140);
        }
    }

    private static int Darkest(SKBitmap picture, PageBox box)
    {
        var least = 255;
        double[] ys = [box.TopLeft.Y, box.TopRight.Y, box.BottomLeft.Y, box.BottomRight.Y]; // a turned line rises or falls
        for (var y = (int)Math.Max(0, ys.Min()); y < Math.Min(picture.Height, ys.Max()); y++)
        {
            for (var x = (int)Math.Max(0, box.TopLeft.X); x < Math.Min(picture.Width, box.TopRight.X); x++) least = Math.Min(least, picture.GetPixel(x, y).Red);
        }

        return least;
    }
}
