namespace Serverless.Serving.Documents;

/// <summary>Edits between two texts: characters inserted, deleted or replaced (Levenshtein 1966).</summary>
public static class EditDistance
{
    /// <summary>The least number of edits.</summary>
    public static int Of(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1));
                corner = above;
            }
        }

        return row[b.Length];
    }

    /// <summary>How alike two texts are, 1 for the same, 0 for nothing in common; case and blanks do not count.</summary>
    public static double Likeness(string a, string b)
    {
        var (plainA, plainB) = (Plain(a), Plain(b));
        var longest = Math.Max(plainA.Length, plainB.Length);
        return longest == 0 ? 1 : 1 - ((double)Of(plainA, plainB) / longest);
    }

    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant();
}
