using Serverless.Training;

namespace Serverless.Tests.Training.Checkpoints;

public sealed class FolderCheckpointsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("serverless-checkpoints-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read_and_removed_with_the_folder()
    {
        var files = Open();
        Assert.Empty(await files.ReadAsync(Cancel));
        await files.RemoveAsync(Cancel);
        await files.WriteAsync("all-1", [1], Cancel);
        await files.WriteAsync("all-1", [2], Cancel);
        Assert.Equal([2], Assert.Single(await files.ReadAsync(Cancel), f => f.Key == "all-1").Value);
        await files.RemoveAsync(Cancel);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task A_write_that_was_cut_short_counts_for_nothing_and_files_of_others_stay()
    {
        var files = Open();
        await files.WriteAsync("all-1", [1], Cancel);
        await File.WriteAllTextAsync(Path.Combine(Folder, "all-1.checkpoint.new"), "half", Cancel);
        await File.WriteAllTextAsync(Path.Combine(Folder, "mine.txt"), "kept", Cancel);
        Assert.Equal(["all-1"], (await files.ReadAsync(Cancel)).Keys);
        await files.RemoveAsync(Cancel);
        Assert.Equal(["mine.txt"], Directory.GetFiles(Folder).Select(Path.GetFileName));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Folder => Path.Combine(_root, "model.checkpoint");

    private FolderCheckpoints Open() => new(Folder, TimeSpan.Zero, _ => { });
}
