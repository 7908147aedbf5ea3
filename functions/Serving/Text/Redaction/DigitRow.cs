namespace Serverless.Serving.Text;

/// <summary>Digits in groups, as a telephone number is written.</summary>
internal sealed class DigitRow
{
    private readonly List<(int Start, int Length)> _groups = [];
    private readonly List<char> _gaps = []; // the sign between two groups, or a blank

    private DigitRow(char first, char second) => (First, Second) = (first, second);

    /// <summary>Its first digit.</summary>
    public char First { get; }

    /// <summary>The character behind it.</summary>
    public char Second { get; }

    /// <summary>Number of digits.</summary>
    public int Count => _groups.Sum(g => g.Length);

    /// <summary>Digits of the first group.</summary>
    public int FirstLength => _groups[0].Length;

    /// <summary>Whether it is a number with two decimals or one.</summary>
    public bool IsAmount => _groups.Count == 2 && _gaps[0] == '.' && _groups[1].Length <= 2;

    /// <summary>Whether it begins with day, month and year between equal signs, in any order; behind them something else or nothing.</summary>
    public bool IsDate => _groups.Count >= 3 && _gaps[0] == _gaps[1] && _gaps[0] != ' ' && (_gaps.Count == 2 || _gaps[2] != _gaps[0])
        && (Lengths(0), Lengths(1), Lengths(2)) is (( <= 2, <= 2, 4 or 2) or (4, <= 2, <= 2));

    /// <summary>Reads the row that begins at a digit.</summary>
    public static DigitRow At(ReadOnlySpan<char> plain, int at, int longestGap, int mostDigits)
    {
        var row = new DigitRow(plain[at], at + 1 < plain.Length ? plain[at + 1] : ' ');
        for (var count = 0; ;)
        {
            var end = at;
            while (end < plain.Length && char.IsAsciiDigit(plain[end])) end++;
            row._groups.Add((at, end - at));
            count += end - at;
            var next = end;
            var gap = ' ';
            while (next < plain.Length && next - end < longestGap && plain[next] is ' ' or '-' or '.' or '/' or '(' or ')')
            {
                if (plain[next] != ' ') gap = plain[next];
                next++;
            }

            if (next == end || next == plain.Length || !char.IsAsciiDigit(plain[next]) || count > mostDigits) return row;
            row._gaps.Add(gap);
            at = next;
        }
    }

    /// <summary>Most groups from the first that have so many digits together; 0 where none have.</summary>
    public int Groups(int least, int most)
    {
        var (digits, best) = (0, 0);
        for (var i = 0; i < _groups.Count; i++)
        {
            digits += _groups[i].Length;
            if (digits >= least && digits <= most) best = i + 1;
        }

        return best;
    }

    /// <summary>Whether it begins with a number of the North American Numbering Plan, and in how many groups.</summary>
    public bool IsNorthAmerican(out int groups)
    {
        var country = FirstLength == 1 && First == '1' ? 1 : 0;
        groups = country + 3;
        return _groups.Count >= groups && (Lengths(country), Lengths(country + 1), Lengths(country + 2)) == (3, 3, 4) && (country == 1 || First is >= '2' and <= '9');
    }

    /// <summary>Where the text goes on behind so many groups.</summary>
    public int EndOf(int groups) => _groups[groups - 1].Start + _groups[groups - 1].Length;

    private int Lengths(int group) => _groups[group].Length;
}
