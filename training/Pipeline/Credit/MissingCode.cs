namespace Serverless.Training.Credit;

/// <summary>Texts that exports write where a value is missing.</summary>
internal static class MissingCode
{
    private static readonly HashSet<string> Anywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "na", "n/a", "n.a.", "n.a", "#n/a", "<na>", "#na", "null", "(null)", "<null>", "nan", "nat", "?", "-", "--", ".", @"\n",
    };

    /// <summary>Words that can be an answer of their own among texts ("none" as collateral), but not among numbers or dates.</summary>
    private static readonly HashSet<string> AmongNumbers = new(StringComparer.OrdinalIgnoreCase)
    {
        "none", "nil", "unknown", "unk", "missing", "blank", "empty", "not available", "not applicable", "not known", "not reported", "not stated", "undefined", "*", "**", "#null!", "#value!", "#div/0!",
    };

    /// <summary>Whether a text of a category column means that the value is missing.</summary>
    public static bool IsAmongTexts(string text) => Anywhere.Contains(text);

    /// <summary>Whether a text of a column that otherwise holds numbers or dates means that the value is missing.</summary>
    public static bool IsAmongNumbers(string text) => Anywhere.Contains(text) || AmongNumbers.Contains(text);
}
