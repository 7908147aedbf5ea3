using System.Globalization;
using System.Text;

namespace Serverless.Serving.Text;

/// <summary>
/// A text as recognisers read it: digits of every script and form as 0 to 9, compatible forms of ASCII as ASCII (Unicode Standard Annex #15),
/// spaces, line breaks, dashes and dots each as one character, and nothing of what is not seen, such as zero-width characters.
/// </summary>
internal sealed class FoldedText
{
    /// <summary>Stands where a value was found, so that nothing else is found in it.</summary>
    public const char Taken = '\uFFFF';

    private readonly string _text;
    private readonly List<char> _plain;
    private readonly List<int> _at; // where in the text each character of the plain one comes from

    private FoldedText(string text) => (_text, _plain, _at) = (text, new(text.Length + 4), new(text.Length + 4));

    /// <summary>The folded characters; a finder may write <see cref="Taken"/> over what it found.</summary>
    public Span<char> Plain => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_plain);

    /// <summary>Folds a text.</summary>
    public static FoldedText Of(string text)
    {
        var folded = new FoldedText(text);
        for (var i = 0; i < text.Length;)
        {
            var unit = text[i];
            if (char.IsAscii(unit))
            {
                if (char.IsWhiteSpace(unit)) folded.Add(' ', i);
                else if (!char.IsControl(unit)) folded.Add(unit, i);
                i++;
                continue;
            }

            var width = char.IsSurrogatePair(text, i) ? 2 : 1;
            folded.AddOther(i, width);
            i += width;
        }

        return folded;
    }

    /// <summary>Where a part of the plain text stands in the text as it came.</summary>
    public (int Start, int End) Original(int start, int end)
    {
        var last = _at[end - 1];
        return (_at[start], last + (char.IsSurrogatePair(_text, last) ? 2 : 1));
    }

    private void Add(char plain, int at)
    {
        _plain.Add(plain);
        _at.Add(at);
    }

    private void AddOther(int at, int width)
    {
        var category = CharUnicodeInfo.GetUnicodeCategory(_text, at);
        if (char.IsWhiteSpace(_text[at])) Add(' ', at);
        else if (category is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Control) return;
        else if (category is UnicodeCategory.DashPunctuation || _text[at] is '\u2212' or '\uFF70') Add('-', at);
        else if (_text[at] is '\u00B7' or '\u2022' or '\u2027' or '\u30FB') Add('.', at);
        else if (CharUnicodeInfo.GetDigitValue(_text, at) is >= 0 and var digit) Add((char)('0' + digit), at);
        else if (_text[at] >= '\u2000' && category != UnicodeCategory.OtherLetter) AddCompatible(at, width);
        else for (var i = 0; i < width; i++) Add(_text[at + i], at);
    }

    private void AddCompatible(int at, int width)
    {
        var form = Nfkc.Normalize(_text.Substring(at, width)); // a lone surrogate gives U+FFFD
        foreach (var unit in Ascii.IsValid(form) ? form : _text.Substring(at, width)) Add(unit, at);
    }
}
