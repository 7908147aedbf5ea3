using System.Text;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests;

/// <summary>Drops made of what a test has at hand.</summary>
internal static class DropOf
{
    public static ReadingContext Context { get; } = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    public static Task<LocalDrop> Text(string csv) => Bytes(Encoding.UTF8.GetBytes(csv));

    public static Task<LocalDrop> Bytes(byte[] content) => LocalDrop.CopyAsync(new MemoryStream(content), TestContext.Current.CancellationToken);
}
