using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Training;

/// <summary>
/// The rows that a model was fitted on, as 64-bit hashes: of the row's id where the contract has one, else of its whole content.
/// Kept beside the model (8 bytes a row), so that a later comparison can leave these rows out. Two rows in 2^32 collide by
/// chance, which only makes a comparison leave out a row too many.
/// </summary>
public sealed class RowKeys
{
    private readonly HashSet<ulong> _keys;

    /// <summary>Creates the set from keys made by <see cref="Of"/>.</summary>
    public RowKeys(IEnumerable<ulong> keys) => _keys = [.. keys];

    /// <summary>Number of rows.</summary>
    public int Count => _keys.Count;

    /// <summary>Whether a row is among them.</summary>
    public bool Contains(ulong key) => _keys.Contains(key);

    /// <summary>Key of a row: the first 64 bits of the SHA-256 of its id or content.</summary>
    public static ulong Of(string row)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(row), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>Sorted, 8 bytes each, little-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_keys.Count * 8];
        var at = 0;
        foreach (var key in _keys.Order())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), key);
            at += 8;
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The length is not a multiple of 8.</exception>
    public static RowKeys FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % 8 != 0) throw new InvalidDataException("The list of trained rows is truncated.");
        var keys = new ulong[bytes.Length / 8];
        for (var i = 0; i < keys.Length; i++) keys[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * 8)..]);
        return new RowKeys(keys);
    }
}
