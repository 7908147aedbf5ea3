using Serverless.Training;

namespace Serverless.Tests;

public class RowKeysTests
{
    [Fact]
    public void Keys_written_and_read_are_the_same_set()
    {
        var keys = new RowKeys([RowKeys.Of("a"), RowKeys.Of("b")]);
        var read = RowKeys.FromBytes(keys.ToBytes());
        Assert.Equal(2, read.Count);
        Assert.True(read.Contains(RowKeys.Of("a")));
        Assert.False(read.Contains(RowKeys.Of("c")));
    }

    [Fact]
    public void Truncated_list_is_refused() => Assert.Throws<InvalidDataException>(() => RowKeys.FromBytes(new byte[7]));
}
