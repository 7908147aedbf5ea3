using System.Text;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training;

namespace Serverless.Tests.Training.Documents.Drops;

/// <summary>The forms of drops of pictures, and what is refused of each.</summary>
public class DocumentDropTests
{
    private static readonly DocumentContract Contract = MadePictures.Contract with { OutOfScopeLabel = null };

    private static readonly IReadOnlyList<MadePicture> Good = [.. MadePictures.Shapes(3, 1).Where(p => p.Label != "other")];

    private static readonly byte[] Grey = MadePictures.Shape("disc", 9).ToPng();

    private static byte[] Labels(params IEnumerable<MadePicture> pictures) => Encoding.UTF8.GetBytes(MadePictures.Csv(pictures));

    private static (string, byte[])[] Files(params (string Name, byte[] Content)[] more) => [("labels.csv", Labels(Good)), .. Good.Select(p => (p.File, p.Content)), .. more];

    [Fact]
    public async Task Zip_parts_and_idx_of_the_same_pictures_give_the_same_rows()
    {
        var zipped = await MadePictures.RowsAsync(Contract, ("a.zip", MadePictures.Zip(Good)));
        var parts = await MadePictures.RowsAsync(Contract, [("labels.csv.gz", MadePictures.Gzip(Labels(Good))), .. Good.Select(p => (p.File, p.Content))]);
        var split = await MadePictures.RowsAsync(Contract, ("a.zip", MadePictures.Zip(Good.Take(4).Select(p => ($"scans/{p.File}", p.Content)))), ("b.zip", MadePictures.Zip(Good.Skip(4).Select(p => (p.File, p.Content)))), ("labels.csv", Labels(Good)));
        Assert.Equal((9, "bars,cross,disc"), (zipped.Count, string.Join(',', zipped.Labels)));
        foreach (var other in new[] { parts, split })
            Assert.Equal(zipped.InScope.Select(r => (r.Key, r.Class)), other.InScope.Select(r => (r.Key, r.Class)));

        var (pictures, labels) = (zipped.InScope.SelectMany(r => r.Picture.Values).ToArray(), zipped.InScope.Select(r => (byte)r.Class).ToArray());
        var idx = (MadePictures.Idx([9, MadePictures.Side, MadePictures.Side], pictures), MadePictures.Idx([9], labels));
        foreach (var pair in new (string, byte[])[][] { [("p", idx.Item1), ("l", idx.Item2)], [("l.gz", MadePictures.Gzip(idx.Item2)), ("p.gz", MadePictures.Gzip(idx.Item1))] })
        {
            var rows = await MadePictures.RowsAsync(Contract, pair);
            Assert.Equal("0,1,2", string.Join(',', rows.Labels));
            Assert.Equal(zipped.InScope.Select(r => (r.Key, r.Class)), rows.InScope.Select(r => (r.Key, r.Class)));
        }
    }

    [Fact]
    public async Task Table_may_name_files_from_its_own_folder_and_hidden_files_are_left_out()
    {
        var rows = await MadePictures.RowsAsync(Contract, ("a.zip", MadePictures.Zip(
            [("set/", []), ("set/labels.csv", Labels(Good)), ("__MACOSX/set/._x", [1]), ("set/.DS_Store", [2]), .. Good.Select(p => ($"set/{p.File}", p.Content))])));
        Assert.Equal(9, rows.Count);
    }

    [Fact]
    public async Task Only_looking_counts_and_keeps_nothing()
    {
        await using var drop = await MadePictures.DropAsync(("a.zip", MadePictures.Zip(Good)));
        var read = await DocumentRows_ReadAsync(drop);
        Assert.Equal(new CountedRows(9, 0), Assert.IsType<Outcome<TrainingRows>.Done>(read).Value);

        static Task<Outcome<TrainingRows>> DocumentRows_ReadAsync(Serverless.Training.Drops.LocalDrop drop) => Serverless.Training.Documents.DocumentRows.ReadAsync(
            Contract, drop, DropOf.Context with { KeepRows = false }, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("not an image", "PK\u0005\u0006 no picture", "row 10: The file is ZIP, whatever its name says: send it as PNG, JPEG or WebP.")]
    [InlineData("text", "no picture", "row 10: The file is no picture, whatever its name says: send it as PNG, JPEG or WebP.")]
    [InlineData("nothing", "", "row 10: The file is empty: send it as PNG, JPEG or WebP.")]
    public async Task What_is_no_picture_is_a_row_in_error(string _, string content, string reason)
    {
        if (content.StartsWith("PK", StringComparison.Ordinal)) content = "PK\u0003\u0004";
        var bad = Encoding.Latin1.GetBytes(content);
        if (content.StartsWith("PK", StringComparison.Ordinal))
            Assert.Equal(["file 11 of 'a.zip' is a ZIP itself: pack its pictures into this one."], await WithAsync(bad));
        else
            Assert.Equal(["1 of 10 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", reason], await WithAsync(bad));
    }

    [Fact]
    public async Task Truncated_picture_and_one_without_pixels_and_one_of_too_many_are_rows_in_error()
    {
        var noPixels = (byte[])Grey.Clone();
        noPixels.AsSpan(16, 8).Clear();
        var huge = (byte[])Grey.Clone();
        (huge[16], huge[17], huge[18], huge[20], huge[21], huge[22]) = (0, 1, 0x11, 0, 1, 0x11);
        Assert.Matches("row 10: The PNG is cut off", (await WithAsync(Grey[..^20]))[1]);
        Assert.Matches("row 10: The PNG (cannot be read, or )?has no pixels", (await WithAsync(noPixels))[1]);
        Assert.Matches("row 10: The PNG (says that it has 69\\d+ x 69\\d+ pixels|cannot be read)", (await WithAsync(huge))[1]);
        using var wide = MadePictures.Shape("disc", 1, 40);
        var small = Contract with { Picture = new() { Limits = new() { MaxPixels = 1000 } } };
        Assert.Matches("row 10: The PNG says that it has 40 x 40 pixels, and may have 1000 in all", (await WithAsync(wide.ToPng(), small))[1]);
        Assert.Equal(9, (await MadePictures.RowsAsync(small with { Training = new() { MaxRowsInError = 0.2 } }, ("a.zip", WithZip(wide.ToPng())))).Count);
    }

    [Theory]
    [InlineData("../x.png")]
    [InlineData("a/../../x.png")]
    [InlineData("/x.png")]
    [InlineData("C:/x.png")]
    [InlineData("a\\x.png")]
    [InlineData("..\\x.png")]
    [InlineData("./x.png")]
    [InlineData("a//x.png")]
    public async Task Zip_with_a_name_that_leads_out_of_it_is_refused(string name) => Assert.Equal(
        ["1 files have names that lead out of the archive, or with a backslash, a drive or no name: name files by their path within it, with '/' (file 11 of 'a.zip', counted as the archive lists them)."],
        await MadePictures.ReasonsAsync(Contract, ("a.zip", MadePictures.Zip(Files((name, Grey))))));

    [Fact]
    public async Task Zip_with_a_name_twice_or_a_zip_within_is_refused()
    {
        Assert.Equal(["1 files have the name of an earlier file: name each differently (file 11 of 'a.zip', counted as the archive lists them)."],
            await MadePictures.ReasonsAsync(Contract, ("a.zip", MadePictures.Zip(Files((Good[0].File.ToUpperInvariant(), Grey))))));
        var inner = MadePictures.Zip(Good);
        foreach (var name in (string[])["more.zip", "more.png"])
            Assert.Equal(["file 11 of 'a.zip' is a ZIP itself: pack its pictures into this one."], await MadePictures.ReasonsAsync(Contract, ("a.zip", MadePictures.Zip(Files((name, inner))))));
        Assert.Equal([$"'{Good[0].File}' and '{Good[0].File}' have the same name: name each differently."],
            await MadePictures.ReasonsAsync(Contract, [("labels.csv", Labels(Good)), .. Good.Select(p => (p.File, p.Content)), (Good[0].File, Grey)]));
    }

    [Fact]
    public async Task Zip_bomb_is_refused_by_what_it_says_before_anything_is_unpacked()
    {
        var bomb = MadePictures.Zip(Files(("bomb.png", new byte[15 << 20])));
        Assert.InRange(bomb.Length, 1, 1 << 20);
        Assert.Equal(
            [
                "1 files grow more than 200 times when they are unpacked: if that is right, raise limits.maxExpansion in the contract (file 11 of 'a.zip', counted as the archive lists them).",
                "'a.zip' grows more than 200 times when it is unpacked: if that is right, raise limits.maxExpansion in the contract.",
            ],
            await MadePictures.ReasonsAsync(Contract, ("a.zip", bomb)));
        Assert.Contains(
            "1 files have more than 1000000 bytes: send pictures smaller, or raise picture.limits in the contract (file 11 of 'a.zip', counted as the archive lists them).",
            await MadePictures.ReasonsAsync(Contract with { Picture = new() { Limits = new() { MaxBytes = 1_000_000 } } }, ("a.zip", bomb)));
        var small = Contract with { Limits = new() { MaxBytes = 4000 } };
        Assert.Matches("^(The files of 'a.zip' have|The drop has) ", (await MadePictures.ReasonsAsync(small, ("a.zip", MadePictures.Zip(Files(("x.png", new byte[3000]))))))[0]);
    }

    [Fact]
    public async Task Zip_whose_file_is_longer_than_it_says_is_refused_when_it_is_read()
    {
        // What the list of files says of the last one, the sizes of its entry of the central directory, becomes 100 bytes.
        var zip = MadePictures.Zip(Files(("long.png", new byte[5000])).Select(f => f.Item1 == "labels.csv" ? ("labels.csv", Encoding.UTF8.GetBytes(MadePictures.Csv(Good) + "long.png,disc\n")) : f));
        var entry = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(entry + 24), 100);
        Assert.Equal(["file 11 of 'a.zip' is not what the archive says: the archive is damaged, or made to do harm. Make it again."], await MadePictures.ReasonsAsync(Contract, ("a.zip", zip)));
    }

    [Fact]
    public async Task Labels_and_files_must_be_those_of_each_other()
    {
        var labels = Encoding.UTF8.GetBytes(MadePictures.Csv(Good.Skip(1)) + "missing.png,disc\n" + $"{Good[1].File},disc\n");
        Assert.Equal(
            [
                "1 labels have no picture (row 9): add the files that 'file' names, by their paths, or remove the rows.",
                "2 files have no label (file 2 of 'a.zip', file 11 of 'a.zip'): add them to the table of labels, or leave them out.",
                "1 of 10 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.",
                "row 10: 'file' names the file of an earlier row",
            ],
            await MadePictures.ReasonsAsync(Contract, ("a.zip", MadePictures.Zip([("labels.csv", labels), .. Good.Select(p => (p.File, p.Content)), ("extra.png", Grey)]))));
        Assert.Equal(["There are 2 tables, file 1 of 'a.zip', file 11 of 'a.zip', and one of labels is wanted: leave out the others."],
            await MadePictures.ReasonsAsync(Contract, ("a.zip", MadePictures.Zip(Files(("more.csv", Labels(Good)))))));
        Assert.Equal(["The header of the labels has no column 'file', which the contract names for the file: add it to the table or mend the contract."],
            await MadePictures.ReasonsAsync(Contract, [("labels.csv", "path,label\nx,y\n"u8.ToArray()), .. Good.Select(p => (p.File, p.Content))]));
    }

    [Fact]
    public async Task One_label_and_a_label_of_one_picture_are_refused()
    {
        Assert.Equal(["The drop has fewer than two labels: drop pictures of at least two."], await MadePictures.ReasonsAsync(Contract, ("a.zip", MadePictures.Zip([.. Good.Take(3)]))));
        Assert.Equal(["1 labels have only one picture: give each at least two different ones, or remove it.", "row 7: the only picture of its label"],
            await MadePictures.ReasonsAsync(Contract, ("a.zip", MadePictures.Zip([.. Good.Take(7)]))));
    }

    public static TheoryData<string, byte[], byte[], string[]> BadPairs()
    {
        var (pictures, labels) = (new byte[4 * 6], new byte[] { 0, 1, 0, 1 });
        byte[] Pictures(params int[] sizes) => MadePictures.Idx(sizes, pictures);
        var good = MadePictures.Idx([4], labels);
        return new()
        {
            { "another type", MadePictures.Idx([4, 2, 3], pictures, type: 13), good, ["'p' has another magic number than IDX files of labels (00000801) or of pictures of one channel (00000803), both of bytes: it begins with 00000d03. Write it again, or drop a ZIP of pictures."] },
            { "two dimensions", Pictures(4, 6), good, ["'p' has another magic number than IDX files of labels (00000801) or of pictures of one channel (00000803), both of bytes: it begins with 00000802. Write it again, or drop a ZIP of pictures."] },
            { "head cut", [0, 0, 8, 3, 0, 0], good, ["'p' is too short for the head of an IDX file: drop the whole file."] },
            { "too short", Pictures(4, 2, 3)[..^1], good, ["'p' is too short: its head says 4 x 2 x 3 values, and it ends before. Drop the whole file."] },
            { "too long", [.. Pictures(4, 2, 3), 7], good, ["'p' is too long: its head says 4 x 2 x 3 values, and more come behind them. Write the IDX file again."] },
            { "labels too short", Pictures(4, 2, 3), good[..^1], ["'l' is too short: its head says 4 values, and it ends before. Drop the whole file."] },
            { "other counts", Pictures(4, 2, 3), MadePictures.Idx([3], labels[..3]), ["'p' says that it has 4 pictures and 'l' that it has 3 labels: drop the two that belong together."] },
            { "no pixels", MadePictures.Idx([4, 0, 3], []), good, ["'p' says that its pictures have no pixels: write the IDX file again."] },
            { "too many pixels", MadePictures.Idx([4, 30_000, 30_000], []), good, ["'p' says that its pictures have 30000 x 30000 pixels, and a picture may have 50000000 in all and 20000 a side: write the IDX file again, or raise picture.limits in the contract."] },
            { "negative", MadePictures.Idx([-4, 2, 3], []), good, ["'p' says that it has more values than a file can have: write the IDX file again."] },
            { "twice labels", good, good, ["Both IDX files hold labels: drop one of each."] },
            { "a gzip that is cut", MadePictures.Gzip(Pictures(4, 2, 3))[..^6], good, ["'p' cannot be unpacked: its gzip is cut short, damaged, or followed by other bytes. Compress it and drop it again."] },
            { "a table beside", Pictures(4, 2, 3), "file,label\n"u8.ToArray(), ["An IDX file comes as one of two, pictures and labels, with nothing else, and this drop has 2 files: drop the two as parts with a manifest, as 'serverless drops upload' does."] },
        };
    }

    [Theory]
    [MemberData(nameof(BadPairs))]
    public async Task Bad_idx_pair_is_refused(string what, byte[] pictures, byte[] labels, string[] reasons)
    {
        Assert.NotEmpty(what);
        Assert.Equal(reasons, await MadePictures.ReasonsAsync(Contract, ("p", pictures), ("l", labels)));
    }

    [Fact]
    public async Task Gzip_bomb_of_an_idx_file_is_refused()
    {
        var bomb = MadePictures.Gzip(MadePictures.Idx([1000, 200, 200], new byte[40_000_000]));
        Assert.Equal(["'p' grows more than 200 times when it is unpacked: if that is right, raise limits.maxExpansion in the contract."],
            await MadePictures.ReasonsAsync(Contract, ("p", bomb), ("l", MadePictures.Idx([1000], new byte[1000]))));
    }

    private static byte[] WithZip(byte[] bad) => MadePictures.Zip([.. Good, new MadePicture("bad.png", "disc", bad)]);

    private static Task<IReadOnlyList<string>> WithAsync(byte[] bad, DocumentContract? contract = null) => MadePictures.ReasonsAsync(contract ?? Contract, ("a.zip", WithZip(bad)));
}
