using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests.Training.Registry;

/// <summary>A version goes from one environment to another as it is, and nothing else does.</summary>
public sealed class ModelArchiveTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ModelBundle Bundle = ConstantFamily.Bundle(0.7);
    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-archive-").FullName;
    private SigningKey _key = null!, _trust = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Archive => Path.Combine(_folder, "model.zip");

    public async ValueTask InitializeAsync()
    {
        Assert.IsType<Outcome<string>.Done>(await SigningKey.CreateAsync(_folder, Cancel));
        _key = Assert.IsType<Outcome<SigningKey>.Done>(await SigningKey.ReadPrivateAsync(Path.Combine(_folder, "private.pem"), Cancel)).Value;
        _trust = Assert.IsType<Outcome<SigningKey>.Done>(await SigningKey.ReadPublicAsync(Path.Combine(_folder, "public.pem"), Cancel)).Value;
    }

    public ValueTask DisposeAsync()
    {
        _key.Dispose();
        _trust.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Exported_version_is_imported_with_every_file_and_is_not_live_before_it_is_promoted()
    {
        await using var source = await PathAsync();
        await using var target = await PathAsync();
        await source.Get<ModelRegistry>().PublishAsync(Bundle, Cancel);
        await using (var to = File.Create(Archive)) await source.Get<ModelExchange>().ExportAsync("constant", "demo", Bundle.Version, "ann", _key, to, Cancel);

        var exchange = target.Get<ModelExchange>();
        var list = Assert.IsType<Outcome<ArchiveList>.Done>(await exchange.ImportAsync(Archive, _trust, Cancel)).Value;
        Assert.Equal((Bundle.Version, "ann", _key.Fingerprint, 4), (list.Version, list.ExportedBy, list.Key, list.Files.Count));
        Assert.StartsWith("account", list.From, StringComparison.Ordinal);
        var registry = target.Get<ModelRegistry>();
        Assert.Equal(Json.File(Bundle.Manifest), Json.File((await registry.OpenAsync("constant", "demo", Bundle.Version, Cancel)).Manifest));
        Assert.Equal("card"u8.ToArray(), (await registry.BesideAsync("constant", "demo", Bundle.Version, "card.md", Cancel))!.Value.ToArray());
        Assert.Null(await registry.ChampionAsync("constant", "demo", Cancel));
        Assert.IsType<Outcome<ArchiveList>.Done>(await exchange.ImportAsync(Archive, _trust, Cancel));
        Assert.IsType<Outcome<ModelChange>.Done>(await target.Get<ModelChanges>().PromoteAsync(new("constant", "demo", "ben", null), Bundle.Version, Cancel));

        // What answers wrongly, or lacks a file of its manifest, is not stored.
        var broken = ConstantFamily.Bundle(-1);
        await WriteAsync(broken);
        Assert.Equal(["The archive's model cannot be served, so it was not stored: Golden input 1 is answered otherwise than in training."], await RefusedAsync(exchange.ImportAsync(Archive, _trust, Cancel)));
        await WriteAsync(ModelBundle.Open(Bundle.Files().Where(f => f.Key != "card.md").ToDictionary()));
        Assert.Equal(["The archive lacks 'card.md', which the model's manifest names: export the version again."], await RefusedAsync(exchange.ImportAsync(Archive, _trust, Cancel)));
        await WriteAsync(ModelBundle.Create(Bundle.Manifest with { Family = "weather" }, ConstantFamily.Files(0.7)));
        Assert.Equal(["The archive's model is of a family that this program does not know: it knows 'constant', 'credit', 'documents', 'market', 'reading', 'text'."], await RefusedAsync(exchange.ImportAsync(Archive, _trust, Cancel)));
        Assert.Single(await registry.ListAsync(Cancel).ToListAsync(Cancel));

        await source.Get<StorageAccount>().Blobs.GetBlobContainerClient("models").GetBlobClient($"constant/demo/{Bundle.Version}/card.md").DeleteAsync(cancellationToken: Cancel);
        var incomplete = await Assert.ThrowsAsync<InvalidModelException>(() => source.Get<ModelExchange>().ExportAsync("constant", "demo", Bundle.Version, "ann", _key, Stream.Null, Cancel));
        Assert.Equal($"The registry has no 'constant/demo/{Bundle.Version}/card.md', which the manifest names: restore it, then export again.", incomplete.Message);
    }

    [Fact]
    public async Task Archive_that_is_not_what_was_signed_is_refused_by_its_fault()
    {
        var key = _trust.Fingerprint[..16];
        var distrusted = $"The archive was not signed with the trusted key ({key}), or archive.json was changed since: do not use it before you know which.";
        var path = "The archive holds a file whose name is a path or none: file name must be 1 to 100 letters, digits, '-', '_' and '.', a letter or digit first. Nothing was written.";
        await RefusedAsync($"The archive is not signed (archive.sig is missing): export the version again with --key.", e => e.Remove("archive.sig"));
        await RefusedAsync("The archive has no archive.json: it is not one that 'serverless models export' wrote.", e => e.Remove("archive.json"));
        await RefusedAsync(distrusted, e => e["archive.sig"] = Encoding.UTF8.GetBytes("no signature"));
        await RefusedAsync(distrusted, e => e["archive.json"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(e["archive.json"]).Replace("ann", "eve", StringComparison.Ordinal)));
        await RefusedAsync("'skill.json' is not the file that was signed: its size or SHA-256 differs from archive.json's.", e => e["skill.json"] = "0.9\n"u8.ToArray());
        await RefusedAsync("'skill.json' is not the file that was signed: its size or SHA-256 differs from archive.json's.", e => e["skill.json"] = new byte[64 << 20]);
        await RefusedAsync("The archive lacks 'skill.json', which archive.json lists.", e => e.Remove("skill.json"));
        await RefusedAsync("The archive holds 'extra.json', which archive.json does not list.", e => e["extra.json"] = [1]);
        foreach (var name in new[] { "../skill.json", "/etc/passwd", "a/b.json", "C:\\x", "..", "folder/" }) await RefusedAsync(path, e => e[name] = []);
        await RefusedAsync("The archive's archive.json or archive.sig is too big.", e => e["archive.json"] = new byte[(1 << 20) + 1]);
        await RefusedAsync("The archive has 66 files and may have 60.", e =>
        {
            for (var i = 0; i < 60; i++) e[$"f{i}"] = [];
        });

        // Signed, and wrong nevertheless.
        await RefusedAsync("The archive is of format 2, and this program reads formats up to 1: update the program.", e => Sign(e, list => (list["format"], list["more"]) = (2, "members")));
        await RefusedAsync("The archive's archive.json is signed and cannot be read: export the version again.", e => Sign(e, list => list["files"] = null));
        await RefusedAsync("The archive's files are too big: they may have 256 MB together.", e => Sign(e, list => list["files"]![0]!["bytes"] = 1L << 40));
        await RefusedAsync(
            $"The archive says that it holds constant/other/{Bundle.Version} and holds constant/demo/{Bundle.Version}: export the version again.", e => Sign(e, list => list["portfolio"] = "other"));
        await RefusedAsync(
            "The archive holds no model that can be used: manifest.json is of format 4, and this program reads formats up to 3: update the program.",
            e => Resign(e, "manifest.json", Encoding.UTF8.GetString(e["manifest.json"]).Replace("\"format\": 3", "\"format\": 4, \"more\": 1", StringComparison.Ordinal)));
        using var other = Other();
        Assert.Equal([$"The archive was not signed with the trusted key ({other.Fingerprint[..16]}), or archive.json was changed since: do not use it before you know which."], await RefusedAsync(ModelArchive.ReadAsync(await WriteAsync(Bundle), other, Cancel)));
    }

    [Fact]
    public async Task Archive_that_is_cut_off_or_names_a_file_twice_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(await WriteAsync(Bundle), Cancel);
        foreach (var length in new[] { 0, 1, 100, whole.Length / 2, whole.Length - 1 })
        {
            await File.WriteAllBytesAsync(Archive, whole[..length], Cancel);
            Assert.Equal([$"'{Archive}' is no archive, or it was cut off or changed: export the version again."], await RefusedAsync(ModelArchive.ReadAsync(Archive, _trust, Cancel)));
        }

        await File.WriteAllBytesAsync(Archive, whole, Cancel);
        using (var zip = ZipFile.Open(Archive, ZipArchiveMode.Update)) zip.CreateEntry("skill.json");
        Assert.Equal(["The archive holds 'skill.json' twice."], await RefusedAsync(ModelArchive.ReadAsync(Archive, _trust, Cancel)));
        await using (var big = File.Create(Archive)) big.SetLength((256L << 20) + 1); // sparse
        Assert.Equal([$"'{Archive}' is too big: an archive may have 256 MB."], await RefusedAsync(ModelArchive.ReadAsync(Archive, _trust, Cancel)));
    }

    [Theory]
    [InlineData("skill.json", "'skill.json' is not the file that was signed: its size or SHA-256 differs from archive.json's.")]
    [InlineData("archive.sig", "The archive was not signed with the trusted key (KEY), or archive.json was changed since: do not use it before you know which.")]
    public async Task Entry_that_unpacks_to_more_than_its_stated_length_is_refused_without_being_unpacked(string name, string expected)
    {
        const int Unpacked = (128 << 20) + 0x35_79_A1; // bytes that stand nowhere else
        await WriteAsync(Bundle);
        uint stated;
        using (var zip = ZipFile.Open(Archive, ZipArchiveMode.Update))
        {
            stated = (uint)zip.GetEntry(name)!.Length;
            zip.GetEntry(name)!.Delete();
            await using var bomb = await zip.CreateEntry(name, CompressionLevel.SmallestSize).OpenAsync(Cancel);
            for (var left = Unpacked; left > 0; left -= 1 << 20) await bomb.WriteAsync(new byte[Math.Min(left, 1 << 20)], Cancel);
        }

        // The length stands in the entry's header and in the directory at the end.
        var bytes = await File.ReadAllBytesAsync(Archive, Cancel);
        Assert.True(bytes.Length < 1 << 20, $"{bytes.Length} bytes");
        var patched = 0;
        for (var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(Unpacked)); at >= 0; at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(Unpacked)), patched++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), stated);
        Assert.Equal(2, patched);
        await File.WriteAllBytesAsync(Archive, bytes, Cancel);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Equal([expected.Replace("KEY", _trust.Fingerprint[..16], StringComparison.Ordinal)], await RefusedAsync(ModelArchive.ReadAsync(Archive, _trust, Cancel)));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64L << 20);
    }

    [Fact]
    public async Task Keys_are_made_once_the_private_one_for_its_owner_and_only_keys_of_that_kind_are_read()
    {
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "private.pem")));
        Assert.Equal([$"'{_folder}' holds keys already, and none is overwritten: give another folder."], await RefusedAsync(SigningKey.CreateAsync(_folder, Cancel)));
        using var rsa = RSA.Create(2048);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var path = Path.Combine(_folder, "other.pem");
        foreach (var pem in new[] { "", "no key", rsa.ExportPkcs8PrivateKeyPem(), larger.ExportPkcs8PrivateKeyPem(), await File.ReadAllTextAsync(Path.Combine(_folder, "public.pem"), Cancel) })
        {
            await File.WriteAllTextAsync(path, pem, Cancel);
            Assert.Equal([$"'{path}' holds no private key of ECDSA on P-256 (PEM, without a password): make one with 'serverless models keys --out FOLDER'."], await RefusedAsync(SigningKey.ReadPrivateAsync(path, Cancel)));
        }

        var secret = Path.Combine(_folder, "private.pem");
        Assert.Equal([$"'{secret}' holds no public key of ECDSA on P-256 (PEM): give the public.pem of whoever signed."], await RefusedAsync(SigningKey.ReadPublicAsync(secret, Cancel)));
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync<T>(Task<Outcome<T>> outcome) => Assert.IsType<Outcome<T>.Rejected>(await outcome).Reasons;

    private async Task RefusedAsync(string expected, Action<Dictionary<string, byte[]>> change)
    {
        var entries = new Dictionary<string, byte[]>();
        using (var zip = ZipFile.OpenRead(await WriteAsync(Bundle)))
        {
            foreach (var entry in zip.Entries)
            {
                using var content = new MemoryStream();
                await using (var packed = await entry.OpenAsync(Cancel)) await packed.CopyToAsync(content, Cancel);
                entries[entry.FullName] = content.ToArray();
            }
        }

        change(entries);
        File.Delete(Archive);
        using (var zip = ZipFile.Open(Archive, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(Cancel);
                await entry.WriteAsync(content, Cancel);
            }
        }

        Assert.Equal([expected], await RefusedAsync(ModelArchive.ReadAsync(Archive, _trust, Cancel)));
    }

    private async Task<string> WriteAsync(ModelBundle bundle)
    {
        await using var to = File.Create(Archive);
        await ModelArchive.WriteAsync(bundle, "bank", "ann", Now, _key, to, Cancel);
        return Archive;
    }

    private void Sign(Dictionary<string, byte[]> entries, Action<JsonNode> change)
    {
        var list = JsonNode.Parse(entries["archive.json"])!;
        change(list);
        entries["archive.json"] = Encoding.UTF8.GetBytes(list.ToJsonString());
        entries["archive.sig"] = _key.Sign(entries["archive.json"]);
    }

    private void Resign(Dictionary<string, byte[]> entries, string name, string content)
    {
        entries[name] = Encoding.UTF8.GetBytes(content);
        Sign(entries, list =>
        {
            var file = list["files"]!.AsArray().Single(f => (string?)f!["name"] == name)!;
            (file["bytes"], file["sha256"]) = (entries[name].Length, Convert.ToHexStringLower(SHA256.HashData(entries[name])));
        });
    }

    private SigningKey Other()
    {
        var folder = Path.Combine(_folder, "other");
        Assert.IsType<Outcome<string>.Done>(SigningKey.CreateAsync(folder, Cancel).GetAwaiter().GetResult());
        return Assert.IsType<Outcome<SigningKey>.Done>(SigningKey.ReadPublicAsync(Path.Combine(folder, "public.pem"), Cancel).GetAwaiter().GetResult()).Value;
    }

    private async Task<RetrainPath> PathAsync()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        return new(account, [new ConstantFamily()]);
    }
}
