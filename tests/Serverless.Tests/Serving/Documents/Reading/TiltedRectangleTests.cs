using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents.Reading;

public class TiltedRectangleTests
{
    [Fact]
    public void Hull_has_the_corners_only()
    {
        var points = from x in Enumerable.Range(0, 5) from y in Enumerable.Range(0, 4) select new PagePoint(x, y);
        Assert.Equal([new(0, 0), new(4, 0), new(4, 3), new(0, 3)], TiltedRectangle.Hull(points));
        Assert.Equal([new(1, 1)], TiltedRectangle.Hull([new(1, 1), new(1, 1)]));
        Assert.Equal([new(0, 0), new(3, 3)], TiltedRectangle.Hull([new(1, 1), new(0, 0), new(3, 3), new(2, 2)]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(-0.7)]
    [InlineData(1.5)]
    public void Least_rectangle_around_a_turned_one_is_that_one(double angle)
    {
        var drawn = new TiltedRectangle(new(50, 40), angle, 60, 12);
        var box = drawn.Box();
        PagePoint[] corners = [box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft];
        var inside = corners.Append(drawn.Centre).Concat(corners.Select(c => new PagePoint((c.X + drawn.Centre.X) / 2, (c.Y + drawn.Centre.Y) / 2)));
        var found = TiltedRectangle.Least(TiltedRectangle.Hull(inside)).Facing(angle);
        Assert.Equal((60, 12, 50, 40), (Math.Round(found.Width, 6), Math.Round(found.Height, 6), Math.Round(found.Centre.X, 6), Math.Round(found.Centre.Y, 6)));
        Assert.Equal(angle, found.Angle, 6);
    }

    [Theory]
    [InlineData(0, 10, 4)]
    [InlineData(Math.PI / 2, 4, 10)]
    [InlineData(Math.PI, 10, 4)]
    [InlineData(-Math.PI / 2, 4, 10)]
    public void Rectangle_faces_a_direction(double direction, double width, double height)
    {
        var facing = new TiltedRectangle(new(0, 0), 0.1, 10, 4).Facing(direction);
        Assert.Equal((width, height), (facing.Width, facing.Height));
        Assert.Equal(direction + 0.1, facing.Angle, 9);
    }

    [Fact]
    public void Corners_are_those_of_who_reads_along_the_width()
    {
        var upright = new TiltedRectangle(new(10, 10), 0, 8, 2).Box();
        Assert.Equal((new PagePoint(6, 9), new PagePoint(14, 11)), (upright.TopLeft, upright.BottomRight));
        var down = new TiltedRectangle(new(10, 10), Math.PI / 2, 8, 2).Box(); // who reads downward begins above, and the line's top is right
        Assert.Equal((11, 6), (Math.Round(down.TopLeft.X, 9), Math.Round(down.TopLeft.Y, 9)));
    }

    [Fact]
    public void Widened_rectangle_holds_more()
    {
        var narrow = new TiltedRectangle(new(0, 0), Math.PI / 4, 10, 2);
        Assert.True(narrow.Holds(3, 3));
        Assert.False(narrow.Holds(3, 0));
        Assert.True(narrow.Widened(2).Holds(3, 0));
    }
}
