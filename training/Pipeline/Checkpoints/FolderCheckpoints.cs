namespace Serverless.Training;

/// <summary>Checkpoints of a training on this machine: a folder beside the model's, there only while it is not done.</summary>
/// <param name="folder">The folder.</param>
/// <param name="every">How far apart they are.</param>
/// <param name="tell">Told what a person may want to know, a line each.</param>
public sealed class FolderCheckpoints(string folder, TimeSpan every, Action<string> tell) : CheckpointFiles(every)
{
    private const string Extension = ".checkpoint";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(CancellationToken cancel)
    {
        var found = new Dictionary<string, byte[]>();
        foreach (var file in Files()) found[Path.GetFileNameWithoutExtension(file)] = await File.ReadAllBytesAsync(file, cancel);
        return found;
    }

    /// <inheritdoc/>
    public override async Task WriteAsync(string name, byte[] content, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, name + Extension);
        await File.WriteAllBytesAsync(file + ".new", content, cancel);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <inheritdoc/>
    /// <remarks>Only what was written here; what else lies in the folder stays, and the folder with it.</remarks>
    public override Task RemoveAsync(CancellationToken cancel)
    {
        foreach (var file in Files().Concat(Files(".new"))) File.Delete(file);
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Resumed(string name) => tell($"Training of '{name}' goes on from its checkpoint in {folder}.");

    /// <inheritdoc/>
    public override void Ignored(string name, string why) => tell($"warning: the checkpoint '{name}' in {folder} is not used, since {why}: training begins anew.");

    /// <inheritdoc/>
    public override void NotWritten(string name, Exception error) => tell($"warning: the checkpoint '{name}' could not be written: {error.Message} Training goes on.");

    private string[] Files(string behind = "") => Directory.Exists(folder) ? Directory.GetFiles(folder, $"*{Extension}{behind}") : [];
}
