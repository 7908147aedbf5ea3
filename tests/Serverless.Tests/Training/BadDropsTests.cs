using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Text;
using Serverless.Tests.Training.Drops;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Text;

namespace Serverless.Tests.Training;

/// <summary>Bad drops of the real families, through the retrain path: each is moved away with its exact reasons, and nothing is trained.</summary>
public class BadDropsTests(AzuriteFixture azurite)
{
    private const int Good = 60;
    private const string OneInError = "1 of 61 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.";
    private const string OpenQuote = "Row 61 is not valid CSV (a quote that does not end, or text after one): write the file as RFC 4180.";
    private const string TooLong = "is longer than 32,768 characters: shorten it, end a quote that does not end, or raise limits.maxFieldLength in the contract.";
    private const string Lacking = "The header lacks 'id', 'income', 'housing', 'since', 'status', which version '1' of the contract of 'bad' asks for: add the columns, or activate a contract without them.";
    private const string NotNumber = "row 61: 'income' is not a number: write it with a decimal point and without thousands separators.";

    private static readonly CreditContract Credit = new()
    {
        Family = "credit",
        Portfolio = "bad",
        Version = "1",
        Bad = ["1"],
        Columns =
        [
            new() { Name = "id", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "income", Type = ColumnType.Number, Minimum = 0 },
            new() { Name = "housing", Type = ColumnType.Category, Allowed = ["own", "rent"] },
            new() { Name = "since", Type = ColumnType.Date },
            new() { Name = "status", Type = ColumnType.Category, Role = ColumnRole.Target, Allowed = ["0", "1"] },
        ],
    };

    private static readonly TextContract Text = new()
    {
        Family = "text",
        Portfolio = "bad",
        Version = "1",
        TextColumn = "text",
        LabelColumn = "intent",
        MaxLength = 50,
        Network = null,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string[]> CreditDrops => new()
    {
        { "empty", "", ["The file is empty: drop a CSV with a header line and rows."] },
        { "header only", "id,income,housing,since,status\n", ["The file has a header but no rows: drop a CSV with rows."] },
        { "wrong header", Loans(header: "id,earnings,home,since,status"),
            ["The header lacks 'income', 'housing', which version '1' of the contract of 'bad' asks for: add the columns, or activate a contract without them."] },
        { "column twice", Loans(header: "id,income,income,since,status"), ["The header names column 'income' 2 times: rename or remove one."] },
        { "column without a name", Loans(header: "id,income,housing,since,"), ["Column 5 has no name in the header: name it."] },
        { "row too short", Loans("x,5,own"), [OneInError, "row 61: has another number of fields than the header."] },
        { "row too long", Loans("x,5,own,2020-01-01,0,9"), [OneInError, "row 61: has another number of fields than the header."] },
        { "missing target", Loans("x,5,own,2020-01-01,"), [OneInError, "row 61: 'status' is empty: a training row needs its outcome."] },
        { "unknown target", Loans("x,5,own,2020-01-01,2"), [OneInError, "row 61: 'status' has a value that its contract does not allow: correct it, or add it to the contract."] },
        { "one class, good", Loans(status: _ => 0), ["Every row is good: a model needs both good and bad loans. Check 'status', and what the contract lists as bad."] },
        { "one class, bad", Loans(status: _ => 1), ["Every row is bad: a model needs both good and bad loans. Check 'status', and what the contract lists as bad."] },
        { "unknown category", Loans("x,5,castle,2020-01-01,0"), [OneInError, "row 61: 'housing' has a value that its contract does not allow: correct it, or add it to the contract."] },
        { "NaN", Loans("x,NaN,own,2020-01-01,0"), [OneInError, NotNumber] },
        { "infinity", Loans("x,-Infinity,own,2020-01-01,0"), [OneInError, NotNumber] },
        { "words for a number", Loans("x,secret,own,2020-01-01,0"), [OneInError, NotNumber] },
        { "number for a date", Loans("x,5,own,20200101,0"), [OneInError, "row 61: 'since' is not a date: write it as yyyy-MM-dd, or as a timestamp of ISO 8601."] },
        { "negative amount", Loans("x,-1,own,2020-01-01,0"), [OneInError, "row 61: 'income' is outside its range, 0 or more: correct it, or the contract."] },
        { "several faults", Loans("x,NaN,castle,2020-01-01,"),
            [OneInError, "row 61: 'status' is empty: a training row needs its outcome.", NotNumber, "row 61: 'housing' has a value that its contract does not allow: correct it, or add it to the contract."] },
        { "open quote", Loans("x,5,\"own,2020-01-01,0"), [OpenQuote] },
        { "open quote that swallows the rest", Loans("x,5,\"own,2020-01-01,0\n" + new string('r', 70_000)), [OpenQuote] },
        { "long field", Loans($"x,5,{new string('o', 70_000)},2020-01-01,0"), [$"Row 61: 'housing' {TooLong}"] },
        { "long field in quotes", Loans($"x,5,\"{new string('o', 33_000)}\",2020-01-01,0"), [$"Row 61: 'housing' {TooLong}"] },
        { "NUL character", Loans("x,5,o\0wn,2020-01-01,0"), ["Row 61 has a NUL character, which no text has: write the file again, or name its encoding in the contract's format.encoding if it is UTF-16."] },
        { "wrong delimiter", Loans().Replace(',', '~'), [$"{Lacking} No delimiter was found in the header, so that it was read as one column: name it in the contract's format.delimiter."] },
    };

    public static TheoryData<string, string, string[]> TextDrops => new()
    {
        { "empty", "", ["The file is empty: drop a CSV with a header line and rows."] },
        { "header only", "text,intent\n", ["The file has a header but no rows: drop a CSV with rows."] },
        { "wrong header", Texts(header: "words,label"),
            [
                "The header has no column 'text', which the contract names for the text: add it to the file or mend the contract.",
                "The header has no column 'intent', which the contract names for the intent: add it to the file or mend the contract.",
            ] },
        { "row too short", Texts("alone"), [OneInError, "row 61: has not as many fields as the header"] },
        { "row too long", Texts("one,two,three"), [OneInError, "row 61: has not as many fields as the header"] },
        { "missing target", Texts("hello, "), [OneInError, "row 61: 'intent' is empty"] },
        { "missing text", Texts(" ,a"), [OneInError, "row 61: 'text' is empty"] },
        { "one class", Texts(intent: _ => "a"), ["'intent' has fewer than two intents: drop texts of at least two."] },
        { "intent with one text", Texts("hello,c"), ["1 intents have only one text: give each at least two different ones, or remove it.", "row 61: the only text of its intent"] },
        { "text over the limit", Texts($"{new string('x', 51)},a"), [OneInError, "row 61: 'text' is longer than 50 characters"] },
        { "label over the limit", Texts($"hello,{new string('x', 201)}"), [OneInError, "row 61: 'intent' is longer than 200 characters"] },
        { "open quote", Texts("\"hello,a"), [OpenQuote] },
        { "wrong delimiter", Texts().Replace(',', '~'),
            [
                "The header has no column 'text', which the contract names for the text: add it to the file or mend the contract.",
                "The header has no column 'intent', which the contract names for the intent: add it to the file or mend the contract.",
                "No delimiter was found in the header, so that it was read as one column: name it in the contract's format.delimiter.",
            ] },
    };

    /// <summary>Those that are no text, or too big to be kept: made while they are read, and refused before they are read whole.</summary>
    public static TheoryData<string, string> HostileDrops => new()
    {
        { "invalid UTF-8", "Row 61 has bytes that are not utf-8: write the file so, or name its encoding in the contract's format.encoding." },
        { "truncated gzip", "The file cannot be unpacked: its gzip is cut short, damaged, or followed by other bytes. Compress it and drop it again." },
        { "10 GB of zeros in 10 MB", "The header has a NUL character, which no text has: write the file again, or name its encoding in the contract's format.encoding if it is UTF-16." },
        { "10 GB of rows in 10 MB", "The file grows more than 200 times when it is unpacked: if that is right, raise limits.maxExpansion in the contract." },
        { "field of 200 MB", "Row 61 is longer than 1,048,576 characters at 'housing', perhaps because a quote does not end: write the file as RFC 4180 with shorter fields." },
        { "header of 200 MB", "The header is longer than 1,048,576 characters, perhaps because a quote does not end: write the file as RFC 4180 with shorter fields." },
        { "100,000 columns", "The file has more than 2,000 columns: leave out those that the contract ignores, or raise limits.maxColumns in it." },
        { "100,000 columns without a delimiter in the contract's place", "The file has more than 2,000 columns: leave out those that the contract ignores, or raise limits.maxColumns in it." },
    };

    [Theory]
    [MemberData(nameof(HostileDrops))]
    public async Task Hostile_drop_is_refused_before_it_is_read_whole(string what, string reason)
    {
        const long Field = 200 << 20;
        byte[] good = Encoding.UTF8.GetBytes(Loans()), zipped = ReadDrop.Gzip(Loans());
        var wide = Encoding.ASCII.GetBytes(string.Join(what.EndsWith("place", StringComparison.Ordinal) ? ';' : ',', Enumerable.Range(0, 100_000).Select(i => $"column{i}")) + "\n");
        using var stream = what switch
        {
            "invalid UTF-8" => Of([.. good, .. "x,5,"u8, 0xE4, .. "own,2020-01-01,0\n"u8]),
            "truncated gzip" => Of(zipped[..^20]),
            "10 GB of zeros in 10 MB" => Repeated([], ReadDrop.Gzip(new byte[10 << 20]), 1000),
            "10 GB of rows in 10 MB" => Repeated(zipped, ReadDrop.Gzip(string.Concat(Enumerable.Repeat($"1,2,{new string('o', 30_000)},2020-01-01,0\n", 350))), 1000),
            "field of 200 MB" => new GeneratedStream([.. good, .. "x,5,"u8], [(byte)'o'], Field),
            "header of 200 MB" => new GeneratedStream([], [(byte)'o'], Field),
            _ => Of(wide),
        };
        await using var drop = LocalDrop.Of(new DropPart("loans.csv", stream, ""));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = await new CreditTrainer().ReadAsync(Credit, drop, DropOf.Context, new Progress<TrainingProgress>(), Cancel);
        Assert.Equal([reason], Assert.IsType<Outcome<TrainingRows>.Rejected>(read.Rows).Reasons);
        Assert.InRange(stream.Furthest, 1, 3 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 << 20);

        static GeneratedStream Of(byte[] content) => new(content, [0], content.Length);
        static GeneratedStream Repeated(byte[] beginning, byte[] block, int times) => new(beginning, block, beginning.Length + ((long)block.Length * times));
    }

    [Theory]
    [MemberData(nameof(CreditDrops))]
    public Task Bad_drop_of_loans_is_moved_away_with_its_reasons(string what, string csv, string[] reasons) => RejectedAsync(Credit, what, csv, reasons);

    [Theory]
    [MemberData(nameof(TextDrops))]
    public Task Bad_drop_of_texts_is_moved_away_with_its_reasons(string what, string csv, string[] reasons) => RejectedAsync(Text, what, csv, reasons);

    private async Task RejectedAsync(DataContract contract, string what, string csv, string[] reasons)
    {
        ITrainingFamily[] families = [new CreditTrainer(), new TextTrainer()];
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        var contracts = new ContractStore(account, families.Select(f => f.Serving));
        Assert.IsType<Outcome<DataContract>.Done>(await contracts.ActivateAsync(Json.File<object>(contract), Cancel));
        var name = $"{contract.Family}/{contract.Portfolio}/{what.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal)}.csv";
        var (drops, rejected) = (account.Blobs.GetBlobContainerClient("drops"), account.Blobs.GetBlobContainerClient("rejected"));
        await drops.GetBlobClient(name).UploadAsync(BinaryData.FromString(csv), Cancel);

        await using var path = new RetrainPath(account);
        var outcome = await path.RunAsync(name);
        Assert.Equal((RetrainResult.Rejected, null), (outcome.Result, outcome.Version));
        Assert.Equal(reasons, outcome.Reasons);

        Assert.False(await drops.GetBlobClient(name).ExistsAsync(Cancel));
        Assert.Equal(csv, (await rejected.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString());
        var report = (await rejected.GetBlobClient($"{name}.report.json").DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropReport>(Json.Options)!;
        Assert.Equal((name, Encoding.UTF8.GetByteCount(csv)), (report.Drop, report.Bytes));
        Assert.Equal(reasons, report.Reasons);
        Assert.Empty(await account.Blobs.GetBlobContainerClient("models").GetBlobsAsync(cancellationToken: Cancel).ToListAsync(Cancel));
    }

    /// <summary>Good rows and, when given, one more.</summary>
    private static string Loans(string? last = null, string header = "id,income,housing,since,status", Func<int, int>? status = null) =>
        Csv(header, i => $"{i},{1000 + i},{(i % 2 == 0 ? "own" : "rent")},2020-01-01,{status?.Invoke(i) ?? (i % 3 == 0 ? 1 : 0)}", last);

    private static string Texts(string? last = null, string header = "text,intent", Func<int, string>? intent = null) =>
        Csv(header, i => $"some words {i},{intent?.Invoke(i) ?? (i % 2 == 0 ? "a" : "b")}", last);

    private static string Csv(string header, Func<int, string> row, string? last) =>
        string.Concat(Enumerable.Range(1, Good).Select(row).Prepend(header).Concat(last is null ? [] : [last]).Select(line => line + "\n"));
}
