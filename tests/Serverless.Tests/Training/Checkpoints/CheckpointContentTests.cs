using Serverless.Training;

namespace Serverless.Tests.Training.Checkpoints;

public class CheckpointContentTests
{
    private const string Damaged = "it is damaged or cut short", Foreign = "it is of other data, another contract or another version of the program";
    private static readonly byte[] State = [1, 2, 3, 4, 5];

    [Fact]
    public void State_comes_back_as_it_was()
    {
        var (state, fault) = Opened(Sealed());
        Assert.Equal(State, state);
        Assert.Null(fault);
    }

    [Fact]
    public void Content_with_any_byte_changed_or_any_part_missing_is_not_used()
    {
        var good = Sealed();
        for (var at = 0; at < good.Length; at++)
        {
            var changed = (byte[])good.Clone();
            changed[at] ^= 1;
            Assert.Equal((null, Damaged), Opened(changed));
            Assert.Equal((null, Damaged), Opened(good[..at]));
        }
    }

    [Theory]
    [InlineData("run-2", "all-1", 5, Foreign)]
    [InlineData("run-1", "all-2", 5, Foreign)]
    [InlineData("run-1", "all-1", 6, "it has another size than this training needs")]
    public void Content_of_another_run_part_or_size_is_not_used(string run, string name, long bytes, string why) =>
        Assert.Equal((null, why), CheckpointContent.Open(Sealed(), run, name, bytes));

    [Fact]
    public void Content_of_another_format_is_not_used()
    {
        byte[] other = [.. "serverless checkpoint 2\nrun-1\nall-1\n"u8, .. State];
        Assert.Equal((null, "another program wrote it"), Opened([.. other, .. System.Security.Cryptography.SHA256.HashData(other)]));
    }

    private static byte[] Sealed() => CheckpointContent.Seal("run-1", "all-1", State);

    private static (byte[]? State, string? Fault) Opened(byte[] content) => CheckpointContent.Open(content, "run-1", "all-1", State.Length);
}
