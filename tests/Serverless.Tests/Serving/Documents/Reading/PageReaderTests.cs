using System.Text;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Documents;
using SkiaSharp;

namespace Serverless.Tests.Serving.Documents.Reading;

public class PageReaderTests
{
    private static readonly string[] Expected = [.. TrialPage.Lines.Select(Packed)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Page_is_read_in_every_direction(int quarters)
    {
        using var upright = InstalledReader.TrialPicture();
        using var picture = upright.Turned(quarters);
        var page = await (await InstalledReader.OpenAsync()).ReadAsync(picture, Cancel);
        Assert.Equal((picture.Width, picture.Height), (page.Width, page.Height));
        Assert.Equal(Expected, page.Lines.Select(l => Packed(l.Text)));
        Assert.All(page.Lines, l => Assert.InRange(l.Confidence, 0.8, 1));

        // "Statement" stands from 27, 37 to 201, 61.
        var (x, y) = quarters switch { 1 => (256 - 37, 27), 2 => (640 - 27, 256 - 37), 3 => (37, 640 - 27), _ => (27, 37) };
        Assert.InRange(Perspective.Distance(page.Lines[0].Box.TopLeft, new(x, y)), 0, 10);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-7)]
    [InlineData(176)]
    public async Task Page_askew_on_a_desk_is_read(int degrees)
    {
        using var picture = OnDesk(degrees);
        var page = await (await InstalledReader.OpenAsync()).ReadAsync(picture, Cancel);
        Assert.Equal(Expected, page.Lines.Select(l => Packed(l.Text)));
    }

    [Fact]
    public async Task Small_and_big_pictures_are_read()
    {
        using var picture = InstalledReader.TrialPicture();
        foreach (var scale in new[] { 0.5, 3 })
        {
            using var scaled = picture.Scaled((int)(picture.Width * scale), (int)(picture.Height * scale));
            var page = await (await InstalledReader.OpenAsync()).ReadAsync(scaled, Cancel);
            Assert.Equal(string.Concat(Expected), string.Concat(page.Lines.Select(l => Packed(l.Text)))); // words far apart in big letters are lines of their own
        }
    }

    [Fact]
    public async Task Page_in_a_corner_of_a_big_scan_is_read()
    {
        using var picture = InstalledReader.TrialPicture();
        using var receipt = picture.Scaled(448, 179);
        using var scan = receipt.Cropped(-2_500, -300, 5_000, 5_000); // its letters have 17 pixels, and 5 in what is looked at first
        var page = await (await InstalledReader.OpenAsync()).ReadAsync(scan, Cancel);
        Assert.Equal(Expected, page.Lines.Select(l => Packed(l.Text)));
        Assert.InRange(Perspective.Distance(page.Lines[0].Box.TopLeft, new(2_519, 326)), 0, 10);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 200)]
    [InlineData(5_000, 2)]
    public async Task Empty_page_has_no_lines(int width, int height)
    {
        using var white = Picture.Of(width, height, Enumerable.Repeat((byte)255, 3 * width * height).ToArray());
        Assert.Empty((await (await InstalledReader.OpenAsync()).ReadAsync(white, Cancel)).Lines);
    }

    [Fact]
    public async Task Lines_below_the_least_confidence_are_left_out()
    {
        using var sure = PageReader.Load(await InstalledReader.WithAsync((PageReader.ContractFile, Json.File(InstalledReader.Contract with { Recognition = new() { LeastConfidence = 0.99 } }))));
        using var picture = InstalledReader.TrialPicture();
        var all = (await (await InstalledReader.OpenAsync()).ReadAsync(picture, Cancel)).Lines;
        Assert.Equal(all.Where(l => l.Confidence >= 0.99).Select(l => l.Text), (await sure.ReadAsync(picture, Cancel)).Lines.Select(l => l.Text));
        Assert.Contains(all, l => l.Confidence < 0.99);
    }

    [Fact]
    public async Task Many_who_ask_at_once_get_the_same_answer()
    {
        var reader = await InstalledReader.OpenAsync();
        using var picture = InstalledReader.TrialPicture();
        var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => reader.ReadAsync(picture, Cancel)));
        Assert.All(pages, p => Assert.Equal(pages[0].Lines, p.Lines));
    }

    [Fact]
    public async Task Reading_stops_when_it_is_cancelled()
    {
        using var picture = InstalledReader.TrialPicture();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await (await InstalledReader.OpenAsync()).ReadAsync(picture, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Self_test_tells_what_is_read_otherwise()
    {
        (await InstalledReader.OpenAsync()).SelfTest();
        var golden = (await InstalledReader.BundleAsync()).Read<GoldenPage>(PageReader.GoldenFile);
        var first = golden.Lines[0];
        await FailsAsync("line 1 is read otherwise", golden with { Lines = [first with { Text = "Statemert" }, .. golden.Lines.Skip(1)] });
        await FailsAsync("another confidence", golden with { Lines = [first with { Confidence = first.Confidence - 0.1 }, .. golden.Lines.Skip(1)] });
        await FailsAsync("pixels elsewhere", golden with { Lines = [first with { Box = first.Box with { TopLeft = new(0, 0) } }, .. golden.Lines.Skip(1)] });
        await FailsAsync("4 lines are read instead of 3", golden with { Lines = [.. golden.Lines.Skip(1)] });
        await FailsAsync("holds no picture", golden with { Picture = [1, 2, 3] });
    }

    [Fact]
    public async Task Graphs_and_characters_that_do_not_belong_together_are_refused()
    {
        var bundle = await InstalledReader.BundleAsync();
        var recognition = bundle.Read(PageReader.RecognitionFile).ToArray();
        Assert.Contains("of 4 dimensions", Assert.Throws<InvalidModelException>(() => PageReader.Load(InstalledReader.WithAsync((PageReader.DetectionFile, recognition)).Result)).Message, StringComparison.Ordinal);
        using var wrong = PageReader.Load(await InstalledReader.WithAsync((PageReader.CharactersFile, "a\nb\n"u8.ToArray())));
        Assert.Contains("characters of its list", Assert.Throws<InvalidModelException>(wrong.SelfTest).Message, StringComparison.Ordinal);
        var changed = recognition.ToArray();
        changed[^1] ^= 0xFF;
        await Assert.ThrowsAsync<InvalidModelException>(async () => PageReader.Load(await InstalledReader.WithAsync((PageReader.RecognitionFile, changed))));
    }

    [Fact]
    public void Contract_states_every_fault()
    {
        var read = ReadingContract.Read(Encoding.UTF8.GetBytes("""
            {"family":"credit","portfolio":"Ä","version":"1","pictures":{"maxPixels":0},"detection":{"threshold":2,"maxLines":0},"recognition":{"leastConfidence":7}}
            """));
        Assert.Equal(6, Assert.IsType<Outcome<DataContract>.Rejected>(read).Reasons.Count);
        Assert.IsType<Outcome<DataContract>.Done>(ReadingContract.Read(JsonSerializer.SerializeToUtf8Bytes(InstalledReader.Contract, Json.Options)));
    }

    private static async Task FailsAsync(string because, GoldenPage golden)
    {
        using var reader = PageReader.Load(await InstalledReader.WithAsync((PageReader.GoldenFile, Json.File(golden))));
        Assert.Contains(because, Assert.Throws<InvalidModelException>(reader.SelfTest).Message, StringComparison.Ordinal);
    }

    // The page lies on a dark desk with a pattern, lit from one side.
    private static Picture OnDesk(int degrees)
    {
        using var page = SKBitmap.Decode(TrialPage.Picture());
        using var bitmap = new SKBitmap(900, 700, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(new SKColor(70, 50, 40));
            using var grain = new SKPaint { Color = new SKColor(90, 66, 50), StrokeWidth = 3 };
            for (var x = 0; x < 900; x += 23) canvas.DrawLine(x, 0, x + 60, 700, grain);
            canvas.Translate(450, 350);
            canvas.RotateDegrees(degrees);
            using var image = SKImage.FromBitmap(page);
            canvas.DrawImage(image, -320, -128, new SKSamplingOptions(SKFilterMode.Linear));
            using var light = SKShader.CreateLinearGradient(new(-400, 0), new(400, 0), [SKColors.Transparent, new SKColor(0, 0, 0, 90)], SKShaderTileMode.Clamp);
            using var shade = new SKPaint { Shader = light };
            canvas.DrawRect(-500, -500, 1000, 1000, shade);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        return Assert.IsType<Outcome<Picture>.Done>(PictureFile.Decode(data.ToArray())).Value;
    }

    // Without spaces, which the network may lose; and in a number's neighbourhood it may take an o for a zero.
    private static string Packed(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace('0', 'o');
}
