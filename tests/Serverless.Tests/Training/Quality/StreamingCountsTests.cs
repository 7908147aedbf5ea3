using Serverless.Training.Quality;

namespace Serverless.Tests.Training.Quality;

public class StreamingCountsTests
{
    [Fact]
    public void Set_of_hashes_knows_each_once_and_zero_too()
    {
        var random = new Random(5);
        var (seen, known) = (new SeenHashes<ulong>(), new HashSet<ulong>());
        Assert.True(seen.Add(0));
        Assert.False(seen.Add(0));
        known.Add(0);
        var before = 0UL;
        for (var i = 0; i < 200_000; i++)
        {
            // Every third is the one before, and upper bits alone differ now and then.
            var hash = i % 3 == 2 ? before : i % 5 == 0 ? (ulong)i << 50 : (ulong)random.NextInt64();
            before = hash;
            Assert.Equal(known.Add(hash), seen.Add(hash));
        }

        Assert.Equal(known.Count, seen.Count);
    }

    [Fact]
    public void Set_of_shortened_hashes_tells_segments_apart()
    {
        var seen = new SeenHashes<uint>();
        var (added, hashes) = (0, 100_000);
        for (ulong i = 0; i < (ulong)hashes; i++) added += seen.Add(RowHash.Of((double)i)) ? 1 : 0;
        Assert.Equal(hashes, added);
        Assert.True(seen.Add(1UL << 60));
        Assert.True(seen.Add(1UL << 61));
        Assert.False(seen.Add(1UL << 61));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(DistinctCount.Exactly)]
    public void Distinct_values_are_exact_up_to_some_thousands(int values)
    {
        var count = new DistinctCount();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < values; i++) count.Add(RowHash.Of((double)i));
        }

        Assert.True(count.Exact);
        Assert.Equal(values, count.Count());
    }

    [Theory]
    [InlineData(DistinctCount.Exactly + 1)]
    [InlineData(40_000)]
    [InlineData(300_000)]
    public void More_distinct_values_are_estimated_within_three_standard_errors(int values)
    {
        var count = new DistinctCount();
        for (var i = 0; i < values; i++) count.Add(RowHash.Of((double)i));
        Assert.False(count.Exact);
        Assert.InRange(count.Count(), values * (1 - 0.025), values * (1 + 0.025));
    }

    [Fact]
    public void Reservoir_takes_every_row_equally_often_and_the_same_with_the_same_seed()
    {
        const int rows = 1000, capacity = 100, rounds = 400;
        var taken = new int[rows];
        for (var seed = 0; seed < rounds; seed++)
        {
            var sample = Sample(rows, capacity, seed);
            Assert.Equal(capacity, sample.Distinct().Count());
            foreach (var row in sample) taken[row]++;
        }

        // Each row is expected in a tenth of the rounds; by tenths of the file the deviations are those of chance.
        foreach (var tenth in taken.Chunk(100)) Assert.InRange(tenth.Average(), 40 - 1.5, 40 + 1.5);
        Assert.Equal(Sample(rows, capacity, 7), Sample(rows, capacity, 7));
        Assert.NotEqual(Sample(rows, capacity, 7), Sample(rows, capacity, 8));
    }

    [Fact]
    public void Reservoir_keeps_all_of_a_few_rows() => Assert.Equal(Enumerable.Range(0, 50), Sample(50, 100, 1).Take(50));

    private static int[] Sample(int rows, int capacity, int seed)
    {
        var reservoir = new Reservoir(capacity, seed);
        var sample = new int[capacity];
        for (var row = 0; row < rows; row++)
        {
            if (reservoir.Take() is >= 0 and var place) sample[place] = row;
        }

        Assert.Equal(Math.Min(rows, capacity), reservoir.Count);
        return sample;
    }
}
