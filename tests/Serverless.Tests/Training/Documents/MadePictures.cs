using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training.Documents;

/// <summary>A picture with the name of its file and its label.</summary>
internal sealed record MadePicture(string File, string Label, byte[] Content);

/// <summary>Small pictures of shapes, and drops of them.</summary>
internal static class MadePictures
{
    public const int Side = 16;

    private static readonly string[] Kinds = ["bars", "cross", "disc"];

    /// <summary>A network that learns the shapes in a second.</summary>
    public static DocumentContract Contract { get; } = new()
    {
        Family = "documents",
        Portfolio = "shapes",
        Version = "1",
        OutOfScopeLabel = "other",
        Network = new() { Channels = 16, Epochs = 4, Batch = 32 },
        Augmentation = new() { Shift = 0.05, Rotation = 0, Scale = 0, Shear = 0, Elastic = 0, Noise = 0 },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>So many of each kind, and ten of none.</summary>
    public static List<MadePicture> Shapes(int each, int seed) =>
    [
        .. Kinds.SelectMany((kind, k) => Enumerable.Range(0, each).Select(i => Made(kind, kind, seed + (k * each) + i))),
        .. Enumerable.Range(0, 10).Select(i => Made("noise", "other", seed + (Kinds.Length * each) + i)),
    ];

    /// <summary>A shape somewhere, in some brightness, among noise.</summary>
    public static Picture Shape(string kind, int seed, int side = Side)
    {
        var random = new Random(seed);
        var rgb = new byte[3 * side * side];
        var (x0, y0, size, light) = (side * (0.35 + (0.3 * random.NextDouble())), side * (0.35 + (0.3 * random.NextDouble())), side * (0.2 + (0.1 * random.NextDouble())), 100 + random.Next(120));
        for (var i = 0; i < side * side; i++)
        {
            var (dx, dy) = ((i % side) - x0, (i / side) - y0);
            var on = kind switch
            {
                "disc" => (dx * dx) + (dy * dy) < size * size,
                "cross" => Math.Max(Math.Abs(dx), Math.Abs(dy)) < size && Math.Min(Math.Abs(dx), Math.Abs(dy)) < size / 3,
                "bars" => Math.Max(Math.Abs(dx), Math.Abs(dy)) < size && (int)(Math.Abs(dy) * 3 / size) % 2 == 0,
                _ => random.Next(2) == 0,
            };
            var value = (byte)Math.Clamp((on ? light : 20) + random.Next(60), 0, 255);
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = (value, value, value);
        }

        return Picture.Of(side, side, rgb);
    }

    public static string Csv(IEnumerable<MadePicture> pictures) => "file,label\n" + string.Concat(pictures.Select(p => $"{p.File},{p.Label}\n"));

    /// <summary>A ZIP of the pictures with their labels.</summary>
    public static byte[] Zip(IReadOnlyList<MadePicture> pictures) => Zip([("labels.csv", Encoding.UTF8.GetBytes(Csv(pictures))), .. pictures.Select(p => (p.File, p.Content))]);

    /// <summary>A ZIP of any files, always the same bytes.</summary>
    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> files, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name, level);
                entry.LastWriteTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>An IDX file of bytes.</summary>
    public static byte[] Idx(int[] sizes, byte[] values, byte type = 8)
    {
        var head = new byte[4 + (4 * sizes.Length)];
        (head[2], head[3]) = (type, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + (4 * i)), sizes[i]);
        return [.. head, .. values];
    }

    public static byte[] Gzip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(content);
        return zipped.ToArray();
    }

    /// <summary>A drop of parts by name.</summary>
    public static async Task<LocalDrop> DropAsync(params (string Name, byte[] Content)[] parts)
    {
        var opened = new List<DropPart>();
        foreach (var (name, content) in parts) opened.Add(await DropPart.CopyAsync(name, new MemoryStream(content), Cancel));
        return LocalDrop.Of(opened);
    }

    public static async Task<Outcome<TrainingRows>> ReadAsync(DocumentContract contract, params (string Name, byte[] Content)[] parts)
    {
        await using var drop = await DropAsync(parts);
        return (await new DocumentTrainer().ReadAsync(contract, drop, DropOf.Context, new Progress<TrainingProgress>(), Cancel)).Rows;
    }

    public static async Task<DocumentRows> RowsAsync(DocumentContract contract, params (string Name, byte[] Content)[] parts) =>
        (DocumentRows)Assert.IsType<Outcome<TrainingRows>.Done>(await ReadAsync(contract, parts)).Value;

    public static async Task<IReadOnlyList<string>> ReasonsAsync(DocumentContract contract, params (string Name, byte[] Content)[] parts) =>
        Assert.IsType<Outcome<TrainingRows>.Rejected>(await ReadAsync(contract, parts)).Reasons;

    private static MadePicture Made(string kind, string label, int seed)
    {
        using var shape = Shape(kind, seed);
        return new($"{seed:000000}.png", label, shape.ToPng());
    }
}
