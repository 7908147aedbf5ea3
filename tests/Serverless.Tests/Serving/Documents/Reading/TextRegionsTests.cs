using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents.Reading;

public class TextRegionsTests
{
    [Fact]
    public void Pixels_that_touch_are_joined_also_over_corners_and_around_a_bend()
    {
        var joined = TextRegions.Joined(Map(
            "#.#....#",
            "#.#.....",
            "###..#..",
            "......#."), 8, 4, 0.5f);
        Assert.Equal([1, 2, 7], joined.Select(c => c.Sum(r => r.To - r.From)).Order());
    }

    [Fact]
    public void Runs_that_end_beside_each_other_are_joined_once_each()
    {
        // The left run above touches two below, the right one the second of them: all are one.
        Assert.Single(TextRegions.Joined(Map("####.####", ".#.####.#"), 9, 2, 0.5f));
        Assert.Equal(2, TextRegions.Joined(Map("##...", "...##"), 5, 2, 0.5f).Count);
        Assert.Single(TextRegions.Joined(Map("##..", "..##"), 4, 2, 0.5f));
    }

    [Fact]
    public void Tilted_bar_is_found_with_its_angle()
    {
        var drawn = new TiltedRectangle(new(100, 60), 0.2, 120, 16);
        var map = new float[200 * 120];
        for (var i = 0; i < map.Length; i++) map[i] = drawn.Holds((i % 200) + 0.5, (i / 200) + 0.5) ? 0.9f : 0.05f;
        var region = Assert.Single(TextRegions.Of(map, 200, 120, new()));
        var found = TiltedRectangle.Least(region.Hull).Facing(0);
        Assert.InRange(found.Angle, 0.19, 0.21);
        Assert.InRange(found.Width, 117, 121);
        Assert.InRange(found.Height, 14, 17);
        Assert.InRange(region.Score, 0.8, 0.9);
    }

    [Fact]
    public void Specks_and_faint_regions_are_left_out_and_the_biggest_are_kept()
    {
        var map = new float[100 * 40];
        void Fill(int x, int y, int width, int height, float value)
        {
            for (var row = y; row < y + height; row++) map.AsSpan((row * 100) + x, width).Fill(value);
        }

        Fill(2, 2, 30, 8, 0.9f);
        Fill(2, 20, 20, 8, 0.9f);
        Fill(50, 2, 30, 8, 0.4f); // text by its pixels, too faint as a box
        Fill(50, 20, 30, 2, 0.9f); // one pixel high between centres
        Assert.Equal(2, TextRegions.Of(map, 100, 40, new()).Count);
        Assert.Equal(30, Assert.Single(TextRegions.Of(map, 100, 40, new() { MaxLines = 1 })).Hull.Max(p => p.X), 2.0);
        Assert.Equal(3, TextRegions.Of(map, 100, 40, new() { BoxScore = 0.3 }).Count);
    }

    private static float[] Map(params string[] rows) => [.. rows.SelectMany(row => row.Select(c => c == '#' ? 1f : 0f))];
}
