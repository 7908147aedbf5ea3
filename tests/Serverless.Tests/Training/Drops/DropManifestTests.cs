using System.Text;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Drops;

public class DropManifestTests
{
    private const string Hash = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Other = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Part = $$"""{"name": "a.csv", "bytes": 5, "sha256": "{{Hash}}"}""";

    [Fact]
    public void Manifest_lists_parts_with_the_day_of_observation_and_the_mode()
    {
        var read = Read($$"""{"parts": [{"name": "b.csv.gz", "bytes": 5, "sha256": "{{Hash}}", "rows": 3}], "observedOn": "2026-03-31", "mode": "full"}""");
        var manifest = Assert.IsType<Outcome<DropManifest>.Done>(read).Value;
        Assert.Equal((new ListedPart("b.csv.gz", 5, Hash) { Rows = 3 }, new DateOnly(2026, 3, 31), DropMode.Full), (manifest.Parts.Single(), manifest.ObservedOn, manifest.Mode));
    }

    [Theory]
    [InlineData("no json", "The manifest cannot be read at '$': write it with 'serverless drops upload', or mend it there.")]
    [InlineData("null", "The manifest must be an object with its parts, and none of them may be null.")]
    [InlineData("""{"parts": [null]}""", "The manifest must be an object with its parts, and none of them may be null.")]
    [InlineData("""{"parts": [], "files": 1}""", "The manifest cannot be read at '$.files': write it with 'serverless drops upload', or mend it there.")]
    [InlineData("""{"parts": []}""", "The manifest lists 0 parts and must list 1 to 1000.")]
    [InlineData($$"""{"schemaVersion": 2, "parts": [{{Part}}]}""", "schemaVersion must be 1: this program knows no other form of manifests.")]
    [InlineData(
        """{"parts": [{"name": "../models/champion.csv", "bytes": 0, "sha256": "x", "rows": -1}, {"name": "a.txt", "bytes": 1, "sha256": "y"}]}""",
        "Part 1: its file name must be 1 to 100 letters, digits, '-', '_' and '.', a letter or digit first.", "Part 1: bytes must be 1 or more.",
        "Part 1: sha256 must be 64 hexadecimal digits in lower case.", "Part 1: rows must be 0 or more.",
        "Part 2: 'a.txt' must end in .csv, .csv.gz or .parquet.", "Part 2: sha256 must be 64 hexadecimal digits in lower case.")]
    [InlineData($$"""{"parts": [{{Part}}, {"name": "a.csv", "bytes": 5, "sha256": "{{Other}}"}]}""", "Part 'a.csv' is listed more than once: list each part once.")]
    [InlineData($$"""{"parts": [{{Part}}, {"name": "b.csv", "bytes": 5, "sha256": "{{Hash}}"}]}""", "Parts 'a.csv' and 'b.csv' have the same content: list it once.")]
    [InlineData(
        $$"""{"parts": [{"name": "a.csv", "bytes": 9223372036854775807, "sha256": "{{Hash}}"}, {"name": "b.csv", "bytes": 9223372036854775807, "sha256": "{{Other}}"}]}""",
        "The parts have 18446744073709551614 bytes together and may have 8589934592: drop less at a time, or raise limits.maxBytes of the contract.")]
    [InlineData(
        $$"""{"parts": [{{Part}}], "mode": "increment"}""",
        "mode must not be 'increment', because the contract's drops are 'full' and no earlier rows are kept: activate a contract with \"drops\": \"increment\" first.")]
    public void Bad_manifest_is_rejected_with_every_fault(string json, params string[] reasons) =>
        Assert.Equal(reasons, Assert.IsType<Outcome<DropManifest>.Rejected>(Read(json)).Reasons);

    private static Outcome<DropManifest> Read(string json) => DropManifest.Read(Encoding.UTF8.GetBytes(json), ConstantFamily.Contract, DropForms.Tables);
}
