using System.Security.Cryptography;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>
/// A key of ECDSA on P-256 with SHA-256 (FIPS 186-5), as PEM files. Signatures are DER, so that
/// <c>openssl dgst -sha256 -verify public.pem -signature archive.sig archive.json</c> checks them too.
/// </summary>
public sealed class SigningKey : IDisposable
{
    /// <summary>Name of the file with the private key.</summary>
    public const string PrivateFile = "private.pem";

    /// <summary>Name of the file with the public key.</summary>
    public const string PublicFile = "public.pem";

    private const string P256 = "1.2.840.10045.3.1.7";
    private const int MaxPemBytes = 64 * 1024;
    private readonly ECDsa _key;

    private SigningKey(ECDsa key) => _key = key;

    /// <summary>SHA-256 (hex) of the public key, by which people tell keys apart.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));

    /// <summary>Makes a pair of keys in a folder, which is created: the private one for its owner only.</summary>
    /// <returns>The fingerprint; rejected when the folder holds keys already.</returns>
    public static async Task<Outcome<string>> CreateAsync(string folder, CancellationToken cancel)
    {
        var (secret, open) = (Path.Combine(folder, PrivateFile), Path.Combine(folder, PublicFile));
        if (File.Exists(secret) || File.Exists(open)) return Outcome<string>.Reject($"'{folder}' holds keys already, and none is overwritten: give another folder.");
        Directory.CreateDirectory(folder);
        using var key = new SigningKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var written = new StreamWriter(secret, options)) await written.WriteAsync((key._key.ExportPkcs8PrivateKeyPem() + "\n").AsMemory(), cancel);
        await File.WriteAllTextAsync(open, key._key.ExportSubjectPublicKeyInfoPem() + "\n", cancel);
        return key.Fingerprint;
    }

    /// <summary>Reads a key that signs; rejected when the file holds none.</summary>
    public static Task<Outcome<SigningKey>> ReadPrivateAsync(string path, CancellationToken cancel) =>
        ReadAsync(path, "PRIVATE KEY", $"'{path}' holds no private key of ECDSA on P-256 (PEM, without a password): make one with 'serverless models keys --out FOLDER'.", cancel);

    /// <summary>Reads a key that signatures are checked with; rejected when the file holds none.</summary>
    public static Task<Outcome<SigningKey>> ReadPublicAsync(string path, CancellationToken cancel) =>
        ReadAsync(path, "PUBLIC KEY", $"'{path}' holds no public key of ECDSA on P-256 (PEM): give the {PublicFile} of whoever signed.", cancel);

    /// <summary>Signs.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content) => _key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Whether a signature is that of this key on this content.</summary>
    public bool Verifies(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => _key.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static async Task<Outcome<SigningKey>> ReadAsync(string path, string label, string fault, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > MaxPemBytes) return Outcome<SigningKey>.Reject(fault);
        var pem = await File.ReadAllTextAsync(path, cancel);
        var key = ECDsa.Create();
        try
        {
            if (PemEncoding.TryFind(pem, out var found) && pem[found.Label] == label)
            {
                key.ImportFromPem(pem);
                if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256) return new SigningKey(key);
            }
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            // No key, or one of another kind.
        }

        key.Dispose();
        return Outcome<SigningKey>.Reject(fault);
    }
}
