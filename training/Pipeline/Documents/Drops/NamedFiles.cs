namespace Serverless.Training.Documents;

/// <summary>
/// Finds the files of a drop as tables name them: by their whole path, or by its end, such as <c>scans/1.png</c> or <c>1.png</c> for
/// <c>export/scans/1.png</c>, where only one file ends so.
/// </summary>
internal sealed class NamedFiles
{
    private readonly Dictionary<string, PictureEntry?> _byEnd = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PictureEntry> _byPath = new(StringComparer.Ordinal);

    /// <summary>The files.</summary>
    public NamedFiles(IReadOnlyList<PictureEntry> files)
    {
        foreach (var file in files)
        {
            _byPath[file.Path] = file;
            for (var at = file.Path.IndexOf('/', StringComparison.Ordinal) + 1; at > 0; at = file.Path.IndexOf('/', at) + 1)
            {
                var end = file.Path[at..];
                _byEnd[end] = _byEnd.ContainsKey(end) ? null : file;
            }
        }
    }

    /// <summary>The file that is named; null for none, or for several.</summary>
    public PictureEntry? Find(string name)
    {
        var path = name.Replace('\\', '/');
        if (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        for (; ; path = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..])
        {
            // A table may also stand in the folder above, and name more of the path than the archive has.
            if (_byPath.TryGetValue(path, out var file) || _byEnd.TryGetValue(path, out file)) return file;
            if (!path.Contains('/', StringComparison.Ordinal)) return null;
        }
    }
}
