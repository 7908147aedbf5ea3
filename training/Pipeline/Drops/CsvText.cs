using System.Buffers;
using System.Text;

namespace Serverless.Training.Drops;

/// <summary>The text of a CSV file. What cannot be text ends it with an error, which comes no earlier than the text before it.</summary>
internal sealed class CsvText : TextReader
{
    // Stands for bytes that are none of the encoding's; no text holds it, since it is no character.
    private const char Invalid = '\uFFFF';

    private static readonly SearchValues<char> Refused = SearchValues.Create('\0', Invalid);

    private readonly Func<Memory<byte>, CancellationToken, ValueTask<int>> _read;
    private readonly byte[] _bytes = new byte[1 << 16];
    private readonly Encoding _encoding;
    private readonly Decoder _decoder;
    private char[] _text = [];
    private int _from;
    private int _to;
    private bool _ended;
    private string? _fault;

    private CsvText(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, Encoding encoding) =>
        (_read, _encoding, _decoder) = (read, encoding, encoding.GetDecoder());

    /// <summary>The text that was decoded and not read.</summary>
    public ReadOnlySpan<char> Ahead => _text.AsSpan(_from.._to);

    /// <summary>Whether nothing can be decoded further: at the end, or at a fault.</summary>
    public bool Done => _ended || _fault is not null;

    /// <summary>Whether more than the first line was read.</summary>
    public bool BelowHeader { get; private set; }

    /// <summary>Opens a file: a byte-order mark tells the encoding, else the contract does.</summary>
    /// <param name="read">Reads its bytes on.</param>
    /// <param name="encoding">IANA name of the encoding.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UnreadableException">The encoding is unknown, or the bytes cannot be read.</exception>
    public static async Task<CsvText> OpenAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, string encoding, CancellationToken cancel)
    {
        var first = new byte[3];
        var count = 0;
        for (int more; count < first.Length && (more = await read(first.AsMemory(count), cancel)) > 0; count += more)
        {
        }

        var (name, mark) = first.AsSpan(0, count) switch
        {
            [0xEF, 0xBB, 0xBF] => ("utf-8", 3),
            [0xFF, 0xFE, ..] => ("utf-16", 2),
            [0xFE, 0xFF, ..] => ("utf-16BE", 2),
            _ => (encoding, 0),
        };
        var text = new CsvText(read, Find(name));
        text.Add(first.AsSpan(mark, count - mark));
        return text;
    }

    /// <summary>Decodes further without reading; does nothing at the end or at a fault.</summary>
    public async ValueTask LookAheadAsync(CancellationToken cancel)
    {
        if (Done) return;
        var read = await _read(_bytes, cancel);
        _ended = read == 0;
        Add(_bytes.AsSpan(0, read));
    }

    /// <inheritdoc/>
    /// <exception cref="UnreadableException">What comes next is no text.</exception>
    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        while (_from == _to)
        {
            if (_fault is not null) throw new UnreadableException(_fault, true);
            if (_ended) return 0;
            await LookAheadAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _to - _from);
        var read = _text.AsMemory(_from, count);
        read.CopyTo(buffer);
        _from += count;
        if (!BelowHeader) BelowHeader = read.Span.ContainsAny('\r', '\n');
        return count;
    }

    private static Encoding Find(string name)
    {
        var replacement = new DecoderReplacementFallback(Invalid.ToString());
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, replacement) ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, replacement);
        }
        catch (ArgumentException)
        {
            throw new UnreadableException($"cannot be read: the contract's format.encoding '{name}' is unknown. Name one of IANA's, such as utf-8 or windows-1252.", false);
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_from == _to) (_from, _to) = (0, 0);
        var needed = _to + _encoding.GetMaxCharCount(bytes.Length);
        if (_text.Length < needed) Array.Resize(ref _text, Math.Max(needed, _to * 2));
        var added = _text.AsSpan(_to, _decoder.GetChars(bytes, _text.AsSpan(_to), flush: _ended));
        var fault = added.IndexOfAny(Refused);
        _to += fault < 0 ? added.Length : fault;
        if (fault < 0) return;
        _fault = added[fault] == Invalid
            ? $"has bytes that are not {_encoding.WebName}: write the file so, or name its encoding in the contract's format.encoding."
            : "has a NUL character, which no text has: write the file again, or name its encoding in the contract's format.encoding if it is UTF-16.";
    }
}
