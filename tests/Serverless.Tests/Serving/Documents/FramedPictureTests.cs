using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents;

public class FramedPictureTests
{
    [Fact]
    public void Picture_of_the_frames_size_stays_as_it_is()
    {
        byte[] values = [.. Enumerable.Range(0, 28 * 28).Select(i => (byte)(i % 251))];
        Assert.Equal(values, FramedPicture.Of(SmallPicture.Grey(28, 28, values), 28, 28, 1).Values);
    }

    [Fact]
    public void Narrow_picture_lies_in_the_middle_on_the_colour_of_its_border()
    {
        // A dark ground with one light pixel in the middle of 9 x 3.
        byte[] values = [.. Enumerable.Repeat((byte)40, 27)];
        values[13] = 200;
        var framed = FramedPicture.Of(SmallPicture.Grey(9, 3, values), 9, 9, 1);
        Assert.Equal((40, new FrameArea(0, 3, 9, 3)), (framed.Ground.Single(), framed.Inner));
        Assert.Equal(Enumerable.Range(0, 81).Select(i => (byte)(i == 40 ? 200 : 40)), framed.Values);
    }

    [Fact]
    public void Reduced_pixels_are_means_of_areas()
    {
        byte[] values = [0, 100, 200, 50, 10, 20, 30, 40];
        Assert.Equal([32, 80], Resampling.Resize(values, 2, 4, 1, 1, 2)); // 32.5, to the even one
    }

    [Fact]
    public void Colours_are_seen_where_there_are_some_and_grey_ones_lose_their_channels()
    {
        using var grey = Picture.Of(2, 1, [10, 11, 10, 200, 200, 201]);
        using var red = Picture.Of(2, 1, [255, 0, 0, 0, 0, 0]);
        Assert.Equal((1, 2), (SmallPicture.Of(grey).Channels, SmallPicture.Of(grey).Values.Length));
        Assert.Equal([255, 0, 0, 0, 0, 0], SmallPicture.Of(red).Values);
        Assert.Equal([76, 0], SmallPicture.Of(red).With(1).Values); // 0.299 * 255
    }

    [Fact]
    public void Large_picture_is_kept_small_with_its_proportions()
    {
        using var page = Picture.Of(600, 1000, new byte[3 * 600_000]);
        var small = SmallPicture.Of(page);
        Assert.Equal((SmallPicture.Longest, 115), (small.Height, small.Width));
    }

    [Fact]
    public void Covered_part_has_the_grounds_colour_and_the_rest_stays()
    {
        var framed = FramedPicture.Of(SmallPicture.Grey(2, 2, [1, 2, 3, 4]), 2, 2, 1);
        Assert.Equal([framed.Ground[0], 2, framed.Ground[0], 4], framed.Covered(new(0, 0, 2, 1), 2).Values);
        Assert.Equal([1, 2, 3, 4], framed.Values);
    }
}
