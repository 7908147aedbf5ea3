using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents.Pictures;

public class PictureTests
{
    // Red, green, blue over white, black, grey.
    private static readonly byte[] Six = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 102, 102, 102];

    [Theory]
    [InlineData(0, 3, 2, new byte[] { 255, 0, 0, 255, 0, 102 })]
    [InlineData(1, 2, 3, new byte[] { 255, 255, 0, 0, 102, 0 })]
    [InlineData(2, 3, 2, new byte[] { 102, 0, 255, 0, 0, 255 })]
    [InlineData(-1, 2, 3, new byte[] { 0, 102, 0, 0, 255, 255 })]
    [InlineData(5, 2, 3, new byte[] { 255, 255, 0, 0, 102, 0 })]
    public void Picture_turns_clockwise(int quarters, int width, int height, byte[] reds)
    {
        using var picture = Picture.Of(3, 2, Six);
        using var turned = picture.Turned(quarters);
        Assert.Equal((width, height), (turned.Width, turned.Height));
        Assert.Equal(reds, turned.Pixels.ToArray().Where((_, i) => i % 4 == 0));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    public void Row_and_column_of_pixels_turn(int width, int height)
    {
        using var picture = Picture.Of(width, height, [.. Enumerable.Range(0, 15).Select(i => (byte)i)]);
        using var turned = picture.Turned(1);
        Assert.Equal((height, width), (turned.Width, turned.Height));
        Assert.Equal(width == 1 ? [12, 9, 6, 3, 0] : [0, 3, 6, 9, 12], turned.Pixels.ToArray().Where((_, i) => i % 4 == 0).Select(b => (int)b));
    }

    [Fact]
    public void Grey_and_planes_are_scaled_to_one()
    {
        using var picture = Picture.Of(3, 2, Six);
        Assert.Equal([0.299f, 0.587f, 0.114f, 1, 0, 0.4f], picture.Grey(), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal([1, 0, 0, 1, 0, 0.4f, 0, 1, 0, 1, 0, 0.4f, 0, 0, 1, 1, 0, 0.4f], picture.Rgb());
    }

    [Fact]
    public void Shrinking_averages()
    {
        var stripes = Enumerable.Range(0, 64 * 64).SelectMany(i => Enumerable.Repeat((byte)(i % 2 * 255), 3)).ToArray();
        using var picture = Picture.Of(64, 64, stripes);
        using var small = picture.Scaled(16, 16);
        Assert.All(small.Grey(), g => Assert.InRange(g, 0.48, 0.52));
    }

    [Fact]
    public void Crop_beyond_the_edge_is_white()
    {
        using var picture = Picture.Of(3, 2, Six);
        using var crop = picture.Cropped(1, 1, 3, 2);
        Assert.Equal([0, 0.4f, 1, 1, 1, 1], crop.Grey(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Part_seen_from_the_side_is_straightened()
    {
        // A black quadrilateral with a white one in its second quarter, both projected from a square.
        PageBox box = new(new(20, 10), new(90, 25), new(80, 95), new(10, 70));
        var rgb = Enumerable.Repeat((byte)128, 3 * 100 * 100).ToArray();
        Assert.True(Perspective.OfUnitSquare(box).TryInvert(out var back));
        for (var y = 0; y < 100; y++)
        {
            for (var x = 0; x < 100; x++)
            {
                var at = back.MapPoint(x + 0.5f, y + 0.5f);
                if (at.X is < 0 or > 1 || at.Y is < 0 or > 1) continue;
                rgb.AsSpan(3 * ((y * 100) + x), 3).Fill((byte)(at.X > 0.5 && at.Y < 0.5 ? 255 : 0));
            }
        }

        using var picture = Picture.Of(100, 100, rgb);
        using var straight = picture.Straightened(box, 40, 40);
        var grey = straight.Grey();
        Assert.InRange(grey[(10 * 40) + 30], 0.95, 1);
        Assert.All(new[] { (10, 10), (10, 30), (30, 30) }, at => Assert.InRange(grey[(at.Item2 * 40) + at.Item1], 0, 0.05));
    }

    [Fact]
    public void Corners_of_the_unit_square_become_those_of_the_box()
    {
        PageBox box = new(new(20, 10), new(90, 25), new(80, 95), new(10, 70));
        var there = Perspective.OfUnitSquare(box);
        var corners = new[] { (0, 0, box.TopLeft), (1, 0, box.TopRight), (1, 1, box.BottomRight), (0, 1, box.BottomLeft) };
        Assert.All(corners, c => Assert.Equal((c.Item3.X, c.Item3.Y), (Math.Round(there.MapPoint(c.Item1, c.Item2).X, 3), Math.Round(there.MapPoint(c.Item1, c.Item2).Y, 3))));
    }
}
