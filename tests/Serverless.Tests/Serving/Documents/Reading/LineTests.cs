using Serverless.Serving.Documents;

namespace Serverless.Tests.Serving.Documents.Reading;

public class LineTests
{
    [Fact]
    public void Best_path_drops_blanks_and_repetitions()
    {
        // a a - a b, with blank as class 0: the blank between keeps the second a.
        float[] steps = [0.1f, 0.8f, 0.1f, 0, 0.2f, 0.7f, 0.1f, 0, 0.9f, 0.1f, 0, 0, 0.3f, 0.6f, 0.1f, 0, 0, 0.1f, 0.9f, 0];
        var reader = new CtcText(["a", "b", " "], 0.5);
        var (text, confidence) = reader.Of(steps);
        Assert.Equal("aab", text);
        Assert.Equal((0.8 + 0.6 + 0.9) / 3, confidence, 6);
        Assert.Equal(("", 0), reader.Of([1, 0, 0, 0]));
        Assert.Equal(("", 0), reader.Of([]));
    }

    /// <summary>What the network says, how far it is, and marks: each alone turns the decision.</summary>
    [Theory]
    [InlineData("ab", 0.06f, 3, "a b")]
    [InlineData("ab", 0.02f, 3, "ab")]
    [InlineData("ab", 0.9f, 3, "a b")]
    [InlineData("ab", 0.02f, 5, "a b")]
    [InlineData("ab", 0.06f, 2, "ab")]
    [InlineData(":b", 0.02f, 3, ": b")]
    [InlineData(",b", 0.02f, 3, ", b")]
    [InlineData(".1", 0.06f, 3, ".1")]
    [InlineData("a.", 0.06f, 3, "a.")]
    public void Space_is_written_from_its_probability_on_and_only_between_characters(string two, float space, int apart, string expected)
    {
        string[] characters = ["a", "b", "1", ":", ",", ".", " "];
        float[] Step(string sign) => [.. Enumerable.Range(0, 8).Select(i => sign.Length > 0 ? (i > 0 && characters[i - 1] == sign ? 1f : 0) : i == 0 ? 1 - space : i == 7 ? space : 0)];
        float[] Gap(int steps) => [.. Enumerable.Range(0, steps).SelectMany(_ => Step(""))];
        var (first, last) = (two[..1], two[1..]);

        // Three pairs of neighbours, three steps apart, tell how far from each other characters are in this line.
        float[] other = [.. Enumerable.Range(0, 4).SelectMany(i => (float[])[.. Step(i % 2 == 0 ? "a" : "b"), 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])];
        Assert.Equal("abab" + expected, new CtcText(characters, 0.5).Of([.. other, .. Step(first), .. Gap(apart - 1), .. Step(last), .. Gap(2)]).Text);
    }

    /// <summary>A zero beside letters alone is the letter where the network gives that a twentieth; among digits it stays.</summary>
    [Theory]
    [InlineData("N0", 0.06f, "NO")]
    [InlineData("N0", 0.04f, "N0")]
    [InlineData("0N", 0.06f, "ON")]
    [InlineData("10", 0.06f, "10")]
    [InlineData("N01", 0.06f, "N01")]
    [InlineData("0", 0.06f, "0")]
    public void Zero_that_may_be_a_letter_is_one_beside_letters(string read, float letter, string expected)
    {
        string[] characters = ["N", "0", "1", "O", "o", " "];
        var steps = read.SelectMany(sign => Enumerable.Range(0, 7).Select(i => i > 0 && characters[i - 1][0] == sign ? 0.9f : i == 4 && sign == '0' ? letter : 0)).ToArray();
        Assert.Equal(expected, new CtcText(characters, 0.5).Of(steps).Text);
    }

    /// <summary>
    /// Marks over u and n are read as an i: in its place where the network leaves something for both, or in the step right behind a letter it is not sure of,
    /// where letters are two steps wide.
    /// </summary>
    [Theory]
    [InlineData(2, 1f, 0.1f, 0.01f, 2, "nü")]
    [InlineData(2, 1f, 0.1f, 0f, 2, "ni")]
    [InlineData(2, 1f, 0.01f, 0.01f, 2, "ni")]
    [InlineData(2, 0.9f, 0f, 0f, 1, "ñ")]
    [InlineData(2, 0.98f, 0f, 0f, 1, "ni")]
    [InlineData(2, 0.9f, 0f, 0f, 2, "ni")]
    [InlineData(1, 0.9f, 0f, 0f, 1, "ni")]
    public void Marks_that_were_taken_for_an_i_are_marks(int pitch, float n, float u, float marked, int apart, string expected)
    {
        string[] characters = ["n", "i", "u", "ü", " "];
        float[] Blanks(int steps) => [.. Enumerable.Range(0, steps).SelectMany(_ => new float[] { 1, 0, 0, 0, 0, 0 })];
        float[] line = [.. Enumerable.Range(0, 4).SelectMany(i => (float[])[0, 0, i % 2, 1 - (i % 2), 0, 0, .. Blanks(pitch - 1)])]; // uiui, for the pitch
        var steps = (float[])[.. line, 0, n, 0, 0, 0, 0, .. Blanks(apart - 1), 0, 0, 1 - u - marked, u, marked, 0];
        Assert.Equal("uiui" + expected, new CtcText(characters, 0.999).Of(steps).Text);
    }

    [Fact]
    public void Marks_of_a_letter_that_was_read_are_no_letter_of_their_own()
    {
        float[] line = [.. Enumerable.Range(0, 4).SelectMany(i => (float[])[0, i % 2, 1 - (i % 2), 0, 0, 1, 0, 0, 0, 0])];
        var (text, confidence) = new CtcText(["i", "u", "ü", " "], 0.999).Of([.. line, 0, 0, 0.99f, 0, 0, 0, 0.5f, 0.3f, 0.01f, 0]); // u, then an i that may be ü
        Assert.Equal("uiuiü", text);
        Assert.InRange(confidence, 0.9, 1);
    }

    /// <summary>Dots and colons may be raised dots, and what looks like a bar one, where something stands behind them.</summary>
    [Theory]
    [InlineData(".", "·", 0.02f, "·")]
    [InlineData(":", "•", 0.02f, "·")]
    [InlineData(".", "·", 0.005f, ".")]
    [InlineData("-", "·", 0.3f, "-")]
    [InlineData("I", "|", 0.2f, "|")]
    [InlineData("l", "丨", 0.2f, "|")]
    [InlineData("1", "|", 0.05f, "1")]
    [InlineData("|", "·", 0.2f, "|")]
    public void Marks_between_parts_are_told_by_what_the_network_leaves_for_them(string read, string other, float share, string expected)
    {
        var reader = new CtcText([read, other, "a", " "], 0.5);
        float[] letter = [0, 0, 0, 1, 0], between = [0.1f, 0, 0, 0, 0.9f, 0.1f, 0, 0, 0, 0.9f, 0.1f, 0, 0, 0, 0.9f], mark = [0, 1 - share, share, 0, 0];
        Assert.Equal($"a {expected} a", reader.Of([.. letter, .. between, .. mark, .. between, .. letter]).Text);
        Assert.Equal(read, reader.Of([.. letter, .. between, .. mark, .. between]).Text[^1..]);

        var sum = new CtcText([read, other, "5", " "], 0.5).Of([.. letter, .. mark, 1, 0, 0, 0, 0, .. letter]).Text;
        Assert.Equal($"5{read}5", sum.Replace(" ", "", StringComparison.Ordinal));
    }

    /// <summary>What the list of characters has not is read as others.</summary>
    [Theory]
    [InlineData("Am strafBe fB", "Am straße fB")]
    [InlineData("Bahnstrafe 2", "Bahnstraße 2")]
    [InlineData("BAHNSTRAE 2", "BAHNSTRAßE 2")]
    [InlineData("strafe, Orchestrae", "strafe, Orchestrae")]
    [InlineData("Espaia, Espania Espanial", "España, España Espanial")]
    public void Letters_that_the_network_has_not_are_told_by_their_words(string read, string expected)
    {
        string[] characters = [.. read.Replace(" ", "", StringComparison.Ordinal).Distinct().Select(c => c.ToString()), " "];
        var steps = read.SelectMany(sign => Enumerable.Range(0, characters.Length + 1).Select(i => i == (sign == ' ' ? characters.Length : Array.IndexOf(characters, sign.ToString()) + 1) ? 1f : 0)).ToArray();
        Assert.Equal(expected, new CtcText(characters, 0.5).Of(steps).Text);
    }

    /// <summary>Two boxes of one line that overlap are one; columns, other heights, other rows and other directions are not.</summary>
    [Theory]
    [InlineData(0.5, 0, 20, 0, true)]
    [InlineData(0.3, 0, 20, 0, false)]
    [InlineData(1.6, 0, 20, 0, false)]
    [InlineData(0.5, 4, 20, 0, false)]
    [InlineData(0.5, 0, 26, 0, false)]
    [InlineData(0.5, 0, 20, 0.2, false)]
    public void Line_that_was_cut_in_two_is_one(double overlap, double lower, double height, double turned, bool one)
    {
        foreach (var angle in new[] { 0, 0.1, Math.PI / 2, Math.PI })
        {
            PagePoint At(double x, double y) => new((x * Math.Cos(angle)) - (y * Math.Sin(angle)), (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
            var (first, rest) = (new TiltedRectangle(At(100, 50), angle, 200, 20), new TiltedRectangle(At(200 + 40 - (20 * overlap), 50 + lower), angle + turned, 80, height));
            foreach (var boxes in new[] { new[] { first, rest }, [rest, first] })
            {
                var joined = CutLines.Joined(boxes);
                if (!one) Assert.Equal(boxes, joined);
                else Assert.Equal((280 - (20 * overlap), 20, angle), (Math.Round(Assert.Single(joined).Width, 6), Math.Round(joined[0].Height, 6), joined[0].Angle));
            }
        }
    }

    [Fact]
    public void Line_that_was_cut_in_three_is_one_too()
    {
        var parts = new[] { 2, 0, 1 }.Select(i => new TiltedRectangle(new(50 + (90 * i), 10), 0, 100, 20));
        Assert.Equal(new TiltedRectangle(new(140, 10), 0, 280, 20), Assert.Single(CutLines.Joined(parts)));
    }

    /// <summary>A one beside small letters is an l and an l or O behind a digit is none, where the network gives the other a tenth, or of O a twentieth; an S before a digit is a dollar sign from six hundredths on.</summary>
    [Theory]
    [InlineData("e1", 0.3f, "el")]
    [InlineData("e1", 0.05f, "e1")]
    [InlineData("E1", 0.3f, "E1")]
    [InlineData("E1e", 0.3f, "Ele")]
    [InlineData("e12", 0.3f, "e12")]
    [InlineData("1", 0.3f, "1")]
    [InlineData("2l", 0.3f, "21")]
    [InlineData("2l", 0.05f, "2l")]
    [InlineData("2le", 0.3f, "2le")]
    [InlineData("el", 0.3f, "el")]
    [InlineData("2O", 0.06f, "20")]
    [InlineData("2o", 0.06f, "20")]
    [InlineData("2O", 0.04f, "2O")]
    [InlineData("2OE", 0.06f, "2OE")]
    [InlineData("EO", 0.06f, "EO")]
    [InlineData("S2", 0.07f, "$2")]
    [InlineData("S2", 0.05f, "S2")]
    [InlineData("SE", 0.07f, "SE")]
    public void Letters_and_digits_are_told_by_what_stands_beside_them(string read, float other, string expected)
    {
        const string Characters = "eE12lO0oS$";
        var steps = read.SelectMany(sign => Enumerable.Range(-1, Characters.Length + 2).Select(i =>
            i >= 0 && i < Characters.Length && Characters[i] == sign ? 0.6f : i >= 0 && i < Characters.Length && Other(sign) == Characters[i] ? other : 0)).ToArray();
        Assert.Equal(expected, new CtcText([.. Characters.Select(c => c.ToString()), " "], 0.5).Of(steps).Text);

        static char Other(char sign) => sign switch { '1' => 'l', 'l' => '1', 'O' or 'o' => '0', '0' => 'O', 'S' => '$', _ => ' ' };
    }

    [Theory]
    [InlineData(1200, 1697, 1184, 1696)] // A4 with 145 dots an inch: nearly as it is
    [InlineData(600, 3000, 608, 3008)] // a long receipt keeps its small print
    [InlineData(3000, 4000, 1216, 1632)] // a photograph
    [InlineData(200, 300, 448, 672)] // a small one is scaled up
    [InlineData(100, 140, 288, 416)] // three times at most
    [InlineData(400, 300, 608, 448)]
    [InlineData(1, 1, 32, 32)]
    [InlineData(20_000, 2_500, 4000, 512)]
    public void Page_is_looked_at_in_a_size_within_the_bound(int width, int height, int seenWidth, int seenHeight) =>
        Assert.Equal((seenWidth, seenHeight), TextDetector.Size(width, height, new()));

    [Theory]
    [InlineData(20_000, 1)]
    [InlineData(1, 20_000)]
    [InlineData(20_000, 30)]
    [InlineData(20_000, 2_500)]
    [InlineData(7_071, 7_071)]
    public void No_page_is_looked_at_in_more_than_the_bound(int width, int height)
    {
        var (w, h) = TextDetector.Size(width, height, new());
        Assert.InRange(w * h, 1, 2_100_000);
        Assert.Equal((0, 0), (w % 32, h % 32));
    }

    [Fact]
    public void Order_is_from_top_to_bottom_and_from_left_to_right_also_askew_and_turned()
    {
        // Two columns in three rows, the second a little lower on the right.
        PagePoint[] at = [new(100, 20), new(400, 22), new(100, 60), new(400, 66), new(100, 100), new(400, 98)];
        foreach (var angle in new[] { 0, 0.05, Math.PI / 2, Math.PI, -Math.PI / 2 })
        {
            var boxes = at.Select(p => new TiltedRectangle(new((p.X * Math.Cos(angle)) - (p.Y * Math.Sin(angle)), (p.X * Math.Sin(angle)) + (p.Y * Math.Cos(angle))), angle, 150, 24)).ToArray();
            var mixed = new[] { 3, 0, 5, 2, 4, 1 };
            Assert.Equal([0, 1, 2, 3, 4, 5], ReadingOrder.Of([.. mixed.Select(i => boxes[i])], angle).Select(i => mixed[i]));
        }
    }

    [Fact]
    public void Direction_is_that_of_long_lines()
    {
        TiltedRectangle[] lines = [new(new(0, 0), 0.05, 300, 20), new(new(0, 40), 0.05, 200, 20), new(new(0, 80), 0.9, 12, 10), new(new(0, 0), Math.PI / 2, 60, 14)];
        Assert.InRange(PageDirection.Of(lines), 0.03, 0.07);
        Assert.InRange(PageDirection.Of(lines.Select(l => l with { Angle = l.Angle + Math.PI })), 0.03, 0.07);
        Assert.InRange(Math.Abs(PageDirection.Of(lines.Select(l => l with { Angle = l.Angle + (Math.PI / 2) }))), 1.5, Math.PI / 2);
        Assert.Equal(0, PageDirection.Of([]));
    }

    [Theory]
    [InlineData(6, 20, 0)] // the digit 1
    [InlineData(14, 120, -Math.PI / 2)] // a line up the margin
    [InlineData(120, 14, 0)]
    [InlineData(20, 20, 0)]
    public void Narrow_character_stands_as_the_page_does_and_a_line_up_the_margin_does_not(double width, double height, double direction)
    {
        var box = new TiltedRectangle(new(50, 50), 0, width, height).Box();
        var found = PageDirection.Box(new TextRegion([box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft], 1), 0.01);
        Assert.InRange(found.Angle, direction - 0.02, direction + 0.02);
    }
}
