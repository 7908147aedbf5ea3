namespace Serverless.Serving.Documents;

/// <summary>Letters that were read for digits.</summary>
internal static class NumberText
{
    /// <summary>The digit that a letter may have been.</summary>
    public static char? Digit(char letter) => letter switch
    {
        'O' or 'o' or 'Q' or 'D' => '0',
        'l' or 'I' or '|' or 'i' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        _ => null,
    };

    /// <summary>The text with such letters as digits where digits stand on both sides, or on one and nothing on the other; a separator may stand between.</summary>
    public static string Folded(string text)
    {
        var signs = text.ToCharArray();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < signs.Length; i++)
            {
                if (Digit(signs[i]) is not { } digit) continue;
                var (left, right) = (Side(signs, i, -1), Side(signs, i, 1));
                if ((left == Beside.Digit && right != Beside.Other) || (right == Beside.Digit && left != Beside.Other)) signs[i] = digit;
            }
        }

        return new string(signs);
    }

    private enum Beside
    {
        Nothing,
        Digit,
        Other,
    }

    private static Beside Side(char[] signs, int at, int step)
    {
        var next = at + step;
        if (next < 0 || next >= signs.Length || char.IsWhiteSpace(signs[next])) return Beside.Nothing;
        if (char.IsAsciiDigit(signs[next])) return Beside.Digit;
        if (signs[next] is not ('.' or ',' or '/' or '-')) return Digit(signs[next]) is null || char.IsLower(signs[next]) ? Beside.Other : Beside.Nothing;
        next += step;
        return next >= 0 && next < signs.Length && char.IsAsciiDigit(signs[next]) ? Beside.Digit : Beside.Other;
    }
}
