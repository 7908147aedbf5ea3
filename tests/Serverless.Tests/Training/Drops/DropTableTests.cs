using System.Text;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Drops;

public class DropTableTests
{
    private const string Damaged = "The file cannot be unpacked: its gzip is cut short, damaged, or followed by other bytes. Compress it and drop it again.";
    private const string Grows = "The file grows more than 200 times when it is unpacked: if that is right, raise limits.maxExpansion in the contract.";

    private static readonly string Long = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},{i * 7919 % 1009}\n"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a;b\n1;2\n")]
    [InlineData("a\tb\r\n1\t2\r\n")]
    [InlineData("a|b\n1|2")]
    [InlineData("\"a\";b\n1;\"2\"\n")]
    [InlineData("a,b\r1,2\r")]
    public async Task Delimiter_is_found(string csv) => Assert.Equal(["a|b", "1|2"], await ReadDrop.LinesAsync(csv));

    [Theory]
    [InlineData("a;b\n1,5;2,5\n", "a|b", "1,5|2,5")]
    [InlineData("\"a, b; c\";d\n1;2\n", "a, b; c|d", "1|2")]
    [InlineData("a;b, or c\n1;2\n", "a|b, or c", "1|2")]
    [InlineData("text,intent\n\"x; y; z\",p\nx; y,q\n", "text|intent", "x; y; z|p")]
    [InlineData("a,\"b\"\"|\"\n1,2\n", "a|b\"|", "1|2")]
    [InlineData("#a,b\n#1,2\n", "#a|b", "#1|2")]
    public async Task Delimiter_is_the_one_that_divides_the_first_rows(string csv, params string[] lines) => Assert.Equal(lines, (await ReadDrop.LinesAsync(csv))[..2]);

    [Fact]
    public async Task Delimiter_of_the_contract_comes_first() =>
        Assert.Equal(["a,b|c", "1,2|3"], await ReadDrop.LinesAsync("a,b~c\n1,2~3\n", new() { Delimiter = "~" }));

    [Theory]
    [InlineData("utf-8", "utf-8", false)]
    [InlineData("utf-8", "utf-8", true)]
    [InlineData("utf-16", "utf-8", true)]
    [InlineData("utf-16BE", "utf-8", true)]
    [InlineData("utf-16", "utf-16", false)]
    [InlineData("windows-1252", "windows-1252", false)]
    [InlineData("iso-8859-15", "iso-8859-15", false)]
    public async Task Encoding_is_told_by_its_mark_or_the_contract(string written, string named, bool mark)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(written) ?? Encoding.GetEncoding(written);
        byte[] content = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("größe,€\nä,ß\n")];
        Assert.Equal(["größe|€", "ä|ß"], await ReadDrop.LinesAsync(content, new() { Encoding = named }));
    }

    [Fact]
    public async Task Long_file_of_wide_characters_is_read_whole()
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => $"{i}|{(i % 3 == 0 ? "x" : "")}é€😀").ToArray();
        string[] expected = ["n|t", .. rows];
        Assert.Equal(expected, await ReadDrop.LinesAsync("n,t\n" + string.Concat(rows.Select(r => r.Replace('|', ',') + "\n"))));
    }

    [Theory]
    [InlineData(0, "The header has bytes that are not utf-8: write the file so, or name its encoding in the contract's format.encoding.")]
    [InlineData(1, "Row 1 has bytes that are not utf-8: write the file so, or name its encoding in the contract's format.encoding.")]
    [InlineData(30_000, "Row 30000 has bytes that are not utf-8: write the file so, or name its encoding in the contract's format.encoding.")]
    public async Task Invalid_bytes_name_their_row(int row, string fault)
    {
        var content = Encoding.UTF8.GetBytes("n,t\n" + Long);
        content[At(content, row)] = 0xE4;
        var lines = await ReadDrop.LinesAsync(content);
        Assert.Equal((Math.Max(1, row + (row > 1 ? 1 : 0)), fault), (lines.Length, lines[^1]));
    }

    [Theory]
    [InlineData(0, "The header has a NUL character, which no text has: write the file again, or name its encoding in the contract's format.encoding if it is UTF-16.")]
    [InlineData(1, "Row 1 has a NUL character, which no text has: write the file again, or name its encoding in the contract's format.encoding if it is UTF-16.")]
    [InlineData(20_000, "Row 20000 has a NUL character, which no text has: write the file again, or name its encoding in the contract's format.encoding if it is UTF-16.")]
    public async Task Null_characters_name_their_row(int row, string fault)
    {
        var content = Encoding.UTF8.GetBytes("n,t\n" + Long);
        content[At(content, row)] = 0;
        Assert.Equal(fault, (await ReadDrop.LinesAsync(content))[^1]);
    }

    [Fact]
    public async Task Bytes_that_end_within_a_character_are_invalid() =>
        Assert.Equal("Row 1 has bytes that are not utf-8: write the file so, or name its encoding in the contract's format.encoding.", (await ReadDrop.LinesAsync([.. "a,b\n1,"u8, 0xC3]))[^1]);

    [Fact]
    public async Task Unknown_encoding_is_refused() =>
        Assert.Equal(["The file cannot be read: the contract's format.encoding 'latin9000' is unknown. Name one of IANA's, such as utf-8 or windows-1252."], await ReadDrop.LinesAsync("a,b\n1,2\n", new() { Encoding = "latin9000" }));

    [Fact]
    public async Task Gzip_of_one_or_several_members_is_read_whatever_its_name()
    {
        string[] rows = Long.TrimEnd().Replace(',', '|').Split('\n'), one = ["n|t", .. rows], several = ["n|t", "1|2", .. rows];
        Assert.Equal(one, await ReadDrop.LinesAsync(ReadDrop.Gzip("n,t\n" + Long)));
        Assert.Equal(several, await ReadDrop.LinesAsync([.. ReadDrop.Gzip("n,t\n1,"), .. ReadDrop.Gzip(""), .. ReadDrop.Gzip("2\n" + Long)]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-8)]
    [InlineData(-9)]
    [InlineData(100_000)]
    [InlineData(30)]
    public async Task Gzip_that_is_cut_short_is_refused(int length)
    {
        var zipped = ReadDrop.Gzip("n,t\n" + Long);
        Assert.True(zipped.Length > 100_000);
        Assert.Equal(Damaged, (await ReadDrop.LinesAsync(zipped[..(length < 0 ? zipped.Length + length : length)]))[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(200_000)]
    public async Task Bytes_behind_gzip_are_refused(int more) => Assert.Equal(Damaged, (await ReadDrop.LinesAsync([.. ReadDrop.Gzip("n,t\n" + Long), .. Enumerable.Repeat((byte)'x', more)]))[^1]);

    [Fact]
    public async Task Damaged_gzip_is_refused()
    {
        var zipped = ReadDrop.Gzip("n,t\n" + Long);
        zipped[zipped.Length / 2] ^= 0x55;
        var lines = await ReadDrop.LinesAsync(zipped);
        Assert.Contains(lines[^1], new[] { Damaged, lines[^1].StartsWith("Row ", StringComparison.Ordinal) ? lines[^1] : "" });
    }

    [Fact]
    public async Task Gzip_may_grow_by_what_the_contract_allows()
    {
        var content = Encoding.ASCII.GetBytes("n,t\n" + string.Concat(Enumerable.Repeat($"1,{new string('2', 30_000)}\n", 130)));
        Assert.Equal(131, (await ReadDrop.LinesAsync(ReadDrop.Gzip(content))).Length);
        var five = Enumerable.Repeat(ReadDrop.Gzip(content), 5).SelectMany(m => m).ToArray();
        Assert.Equal(Grows, (await ReadDrop.LinesAsync(five))[^1]);
    }

    [Fact]
    public async Task Files_of_a_drop_are_read_in_order_and_mapped_by_name()
    {
        await using var drop = await ReadDrop.PartsAsync(("a.csv", "x,y\n1,2\n", 0), ("b.csv", "y;x\n4;3\n", 0), ("c.csv", "x,y\n", 0), ("d.csv", "x,y\n5\n7,8\n", 0));
        Assert.Equal(["x|y", "1|2", "3|4", "?", "7|8"], await ReadDrop.LinesAsync(drop));
    }

    [Fact]
    public async Task Rows_of_several_files_have_places_and_sources()
    {
        await using var drop = await ReadDrop.PartsAsync(("a.csv", "x,old,y\n1,0,2\n3,0,4\n", 0), ("b.csv", "y,x\n6,5\n", 1), ("c.csv", "x,y\n7,8\n", 1));
        await using var table = Assert.IsType<Outcome<DropTable>.Done>(await DropTable.OpenAsync(drop, new(), new(), Cancel)).Value;
        List<(int, int, string)> rows = [];
        var fractions = new List<double>();
        while (await table.ReadAsync(Cancel))
        {
            rows.Add((table.Row, table.Source, table.Place(table.Row)));
            fractions.Add(table.Fraction);
        }

        Assert.Equal(["x", "y"], table.Header);
        Assert.Equal([(1, 0, "row 1 of 'a.csv'"), (2, 0, "row 2 of 'a.csv'"), (3, 1, "row 1 of 'b.csv'"), (4, 1, "row 1 of 'c.csv'")], rows);
        Assert.Equal("row 2 of 'a.csv'", table.Place(2));
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
    }

    [Fact]
    public async Task Files_that_came_together_must_have_the_same_columns()
    {
        await using var other = await ReadDrop.PartsAsync(("a.csv", "x,y\n1,2\n", 0), ("b.csv", "x,z\n1,2\n", 0));
        Assert.Equal(["'b.csv' has other columns than 'a.csv' (it lacks 'y', has 'z'): the files of one drop have the same columns."], await ReadDrop.LinesAsync(other));
        await using var twice = await ReadDrop.PartsAsync(("a.csv", "x,y\n1,2\n", 0), ("b.csv", "x,x\n1,2\n", 0));
        Assert.Equal(["The header of 'b.csv' names column 'x' 2 times: rename or remove one."], await ReadDrop.LinesAsync(twice));
        await using var empty = await ReadDrop.PartsAsync(("a.csv", "x,y\n1,2\n", 0), ("b.csv", "", 0));
        Assert.Equal(["'b.csv' is empty: drop a CSV with a header line and rows."], await ReadDrop.LinesAsync(empty));
        await using var headers = await ReadDrop.PartsAsync(("a.csv", "x,y\n", 0), ("b.csv", "x,y\n", 0));
        Assert.Equal(["The files have headers but no rows: drop at least one with rows."], await ReadDrop.LinesAsync(headers));
    }

    [Fact]
    public async Task Fault_in_a_later_file_names_it()
    {
        await using var drop = await ReadDrop.PartsAsync(("a.csv", "x,y\n1,2\n", 0), ("b.csv", "x,y\n1,2\n1,\"2\n", 0));
        Assert.Equal("Row 2 of 'b.csv' is not valid CSV (a quote that does not end, or text after one): write the file as RFC 4180.", (await ReadDrop.LinesAsync(drop))[^1]);
    }

    [Fact]
    public async Task Limits_are_kept()
    {
        const string Csv = "x,y\n1,2\n3,4\n";
        Assert.Equal(["The drop has 12 bytes, and the contract's limits.maxBytes allows 11: leave out columns that the contract ignores, or raise it."], await ReadDrop.LinesAsync(Csv, limits: new() { MaxBytes = 11 }));
        Assert.Equal(["x|y", "1|2", "The drop has more than 1 rows: drop fewer, or raise limits.maxRows in the contract."], await ReadDrop.LinesAsync(Csv, limits: new() { MaxRows = 1 }));
        Assert.Equal(["The file has more than 1 columns: leave out those that the contract ignores, or raise limits.maxColumns in it."], await ReadDrop.LinesAsync(Csv, limits: new() { MaxColumns = 1 }));
        Assert.Equal(["x|y", "Row 1: 'y' is longer than 3 characters: shorten it, end a quote that does not end, or raise limits.maxFieldLength in the contract."], await ReadDrop.LinesAsync("x,y\n1,2222\n", limits: new() { MaxFieldLength = 3 }));
        Assert.Equal(["x|y", "111|222"], await ReadDrop.LinesAsync("x,y\n111,222\n", limits: new() { MaxFieldLength = 3, MaxColumns = 2, MaxRows = 1, MaxBytes = 12 }));
    }

    [Fact]
    public async Task Long_field_is_read_where_the_contract_allows_it()
    {
        var field = string.Concat(Enumerable.Repeat("\"\"", 500_000));
        var lines = await ReadDrop.LinesAsync($"x,y\n1,\"{field}\"\n", limits: new() { MaxFieldLength = 600_000 });
        Assert.Equal("1|" + new string('"', 500_000), lines[1]);
    }

    /// <summary>Place of a character within a row; 0 is the header.</summary>
    private static int At(byte[] content, int row)
    {
        var at = 0;
        for (; row > 0; row--) at = Array.IndexOf(content, (byte)'\n', at) + 1;
        return at;
    }
}
