using System.Security.Cryptography;
using System.Text;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Drops;

public class LocalDropTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_of_one_part_has_the_hash_of_its_bytes()
    {
        await using var drop = await DropOf.Text("a\n1\n");
        Assert.Equal((Hash("a\n1\n"), 4L), (drop.Sha256, drop.Bytes));
    }

    [Fact]
    public async Task Drop_of_several_parts_has_the_hash_of_their_hashes_in_order()
    {
        await using var first = LocalDrop.Of(await PartAsync("one"), await PartAsync("two"));
        await using var second = LocalDrop.Of(await PartAsync("two"), await PartAsync("one"));
        Assert.Equal((Hash(Hash("one") + Hash("two")), 6L), (first.Sha256, first.Bytes));
        Assert.Equal(Hash(Hash("two") + Hash("one")), second.Sha256);
    }

    private static Task<DropPart> PartAsync(string text) => DropPart.CopyAsync(text, new MemoryStream(Encoding.ASCII.GetBytes(text)), Cancel);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
