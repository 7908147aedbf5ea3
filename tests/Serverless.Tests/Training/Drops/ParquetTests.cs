using Parquet;
using Parquet.Schema;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Drops;

public class ParquetTests
{
    private const string NotParquet = "The file begins as Parquet and cannot be read as such: it is cut short, damaged, encrypted or of an unknown kind. Write it again.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_type_is_told_as_a_csv_would()
    {
        var moment = new DateTime(2024, 2, 29, 13, 5, 9, DateTimeKind.Utc).AddTicks(1_230_000);
        var id = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
        var file = await WriteAsync(
            Column<bool>("bool", true),
            Column<sbyte>("int8", -8),
            Column<byte>("uint8", 200),
            Column<short>("int16", -16),
            Column<ushort>("uint16", 60_000),
            Column("int32", -32),
            Column("uint32", 4_000_000_000u),
            Column("int64", long.MinValue),
            Column("uint64", ulong.MaxValue),
            Column("float", 0.1f),
            Column("double", -1.5e300),
            Column("notANumber", double.NaN),
            Column(new DecimalDataField("decimal", 18, 2, isNullable: true), 1234.50m),
            Column(new DataField<DateOnly>("date", true), new DateOnly(2024, 2, 29)),
            Column(new DateTimeDataField("utc", DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros, true), moment),
            Column(new DateTimeDataField("local", DateTimeFormat.Timestamp, false, DateTimeTimeUnit.Micros, true), moment),
            Column(new DateTimeDataField("midnight", DateTimeFormat.Timestamp, false, DateTimeTimeUnit.Millis, true), moment.Date),
            Column(new DateTimeDataField("impala", DateTimeFormat.Impala, isNullable: true), moment),
            Column(new TimeDataField("millis", TimeUnitPrecision.Millis, true), 47_109_500),
            Column(new TimeDataField("micros", TimeUnitPrecision.Micros, true), 47_109_500_000L),
            Column(new TimeDataField("nanos", TimeUnitPrecision.Nanos, true), 47_109_000_000_000L),
            Column("guid", id),
            Text("string", "größe, \"x\""));
        var lines = await ReadDrop.LinesAsync(file);
        Assert.Equal("bool|int8|uint8|int16|uint16|int32|uint32|int64|uint64|float|double|notANumber|decimal|date|utc|local|midnight|impala|millis|micros|nanos|guid|string", lines[0]);
        Assert.Equal(
            "true|-8|200|-16|60000|-32|4000000000|-9223372036854775808|18446744073709551615|0.1|-1.5E+300|NaN|1234.50|2024-02-29|2024-02-29T13:05:09.123Z|2024-02-29T13:05:09.123|2024-02-29|2024-02-29T13:05:09.123|13:05:09.5|13:05:09.5|13:05:09|0f8fad5b-d9cb-469f-a165-70867728950e|größe, \"x\"",
            lines[1]);
        Assert.Equal(new string('|', 22), lines[2]);
    }

    [Fact]
    public async Task Row_groups_are_read_one_after_the_other_whatever_the_contract_says_of_csv()
    {
        var schema = new ParquetSchema(new DataField<int>("n", false), new DataField<string>("t", true));
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: Cancel))
        {
            foreach (var size in new[] { 3, 0, 5, 2 })
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<int>(schema.DataFields[0], Enumerable.Range(0, size).ToArray(), cancellationToken: Cancel);
                await group.WriteAsync(schema.DataFields[1], [.. Enumerable.Range(0, size).Select(i => i % 2 == 0 ? null : $"t{i}")]);
            }
        }

        var format = new DropFormat { Culture = "de-DE", Encoding = "utf-16", Delimiter = ";" };
        Assert.Equal(["n|t", "0|", "1|t1", "2|", "0|", "1|t1", "2|", "3|t3", "4|", "0|", "1|t1"], await ReadDrop.LinesAsync(file.ToArray(), format));
        await using var drop = await DropOf.Bytes(file.ToArray());
        await using var table = Assert.IsType<Outcome<DropTable>.Done>(await DropTable.OpenAsync(drop, format, new(), Cancel)).Value;
        Assert.Null(table.Format);
    }

    [Fact]
    public async Task Damaged_parquet_is_refused()
    {
        var file = await WriteAsync(Column("x", 1), Text("y", "z"));
        Assert.Equal([NotParquet], await ReadDrop.LinesAsync(file[..^1]));
        Assert.Equal([NotParquet], await ReadDrop.LinesAsync("PAR1"u8.ToArray()));
        for (var at = 4; at < file.Length - 8 - BitConverter.ToInt32(file, file.Length - 8); at++)
        {
            var damaged = (byte[])file.Clone();
            damaged[at] ^= 0xFF;
            Assert.NotEmpty(await ReadDrop.LinesAsync(damaged)); // whatever the library makes of it, there is an answer
        }
    }

    [Fact]
    public async Task Columns_that_hold_no_single_text_are_refused()
    {
        var schema = new ParquetSchema(new DataField<int>("n", false), new StructField("s", new DataField<int>("a", false)), new DataField<byte[]>("b", true));
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: Cancel))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(schema.DataFields[0], new[] { 1 }, cancellationToken: Cancel);
            await group.WriteAllPartsAsync<int>(schema.DataFields[1], new[] { 1 }, new[] { 1 }, null, cancellationToken: Cancel);
            await group.WriteAsync(schema.DataFields[2], [new byte[] { 1 }]);
        }

        Assert.Equal(
            ["Column 's' is nested: drop a table whose columns hold one value a row.", "Column 'b' holds bytes or intervals: write it as text, or leave it out."],
            await ReadDrop.LinesAsync(file.ToArray()));
    }

    [Fact]
    public async Task Limits_are_kept()
    {
        var file = await WriteAsync(Column("x", 1), Text("y", "long"));
        Assert.Equal(["The drop has more than 1 rows: drop fewer, or raise limits.maxRows in the contract."], await ReadDrop.LinesAsync(file, limits: new() { MaxRows = 1 }));
        Assert.Equal(["The file has more than 1 columns: leave out those that the contract ignores, or raise limits.maxColumns in it."], await ReadDrop.LinesAsync(file, limits: new() { MaxColumns = 1 }));
        Assert.Equal(["x|y", "Row 1: 'y' is longer than 3 characters: shorten it, end a quote that does not end, or raise limits.maxFieldLength in the contract."], await ReadDrop.LinesAsync(file, limits: new() { MaxFieldLength = 3 }));
        Assert.Equal(["x|y", "Row 1: 'y' has a NUL character, or bytes that are not UTF-8: write the file again."], await ReadDrop.LinesAsync(await WriteAsync(Column("x", 1), Text("y", "\0"))));
    }

    [Fact]
    public async Task Bomb_is_refused()
    {
        var schema = new ParquetSchema(new DataField<double>("x", false));
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, DictionaryEncodingThreshold = 0 }, cancellationToken: Cancel))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(schema.DataFields[0], new double[3_000_000], cancellationToken: Cancel);
        }

        Assert.Equal(["The file grows more than 200 times when it is unpacked: if that is right, raise limits.maxExpansion in the contract."], await ReadDrop.LinesAsync(file.ToArray()));
    }

    [Fact]
    public async Task Csv_and_parquet_in_one_drop_are_refused()
    {
        var file = await WriteAsync(Column("x", 1), Text("y", "z"));
        await using var drop = LocalDrop.Of(await DropPart.CopyAsync("a.csv", new MemoryStream([.. "x,y\n1,2\n"u8]), Cancel), await DropPart.CopyAsync("b", new MemoryStream(file), Cancel));
        Assert.Equal(["Some files of the drop are CSV and others Parquet: write all in one way."], await ReadDrop.LinesAsync(drop));
    }

    /// <summary>A file with a row of values and one without.</summary>
    private static async Task<byte[]> WriteAsync(params (DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write)[] columns)
    {
        using var file = new MemoryStream();
        var schema = new ParquetSchema(columns.Select(c => c.Field));
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: Cancel))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, write) in columns) await write(group, field);
        }

        return file.ToArray();
    }

    private static (DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write) Column<T>(string name, T value)
        where T : struct => Column(new DataField<T>(name, true), value);

    private static (DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write) Column<T>(DataField field, T value)
        where T : struct => (field, (group, f) => group.WriteAsync<T>(f, new T?[] { value, null }, cancellationToken: Cancel));

    private static (DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write) Text(string name, string value) =>
        (new DataField<string>(name, true), (group, f) => group.WriteAsync(f, [value, null]));
}
