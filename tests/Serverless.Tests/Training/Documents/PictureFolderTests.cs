using System.IO.Compression;
using Serverless.Training.Documents;

namespace Serverless.Tests.Training.Documents;

public class PictureFolderTests
{
    [Fact]
    public async Task Folder_becomes_a_zip_of_pictures_and_labels_without_what_lies_beside_them()
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("serverless-pictures-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "scans"));
            foreach (var file in (string[])["labels.csv", "a.png", "scans/b", "scans/c.JPG", "truth.json", ".hidden", "scans/Thumbs.db", "README.md"])
                await File.WriteAllTextAsync(Path.Combine(folder, file), file, cancel);
            await using var part = await PictureFolder.PackAsync(folder, cancel);
            part.Content.Position = 0;
            await using var zip = await ZipArchive.CreateAsync(part.Content, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancel);
            Assert.Equal(["a.png", "labels.csv", "scans/b", "scans/c.JPG"], zip.Entries.Select(e => e.FullName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
