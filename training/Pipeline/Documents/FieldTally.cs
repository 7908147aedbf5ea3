using Serverless.Serving.Documents;
using Serverless.Training.Samples;

namespace Serverless.Training.Documents;

/// <summary>How well a field is found.</summary>
/// <param name="Papers">Papers that have it.</param>
/// <param name="Found">Papers for which a value was told.</param>
/// <param name="Right">Papers for which the value is right.</param>
/// <param name="WordsTrue">Words of the true values.</param>
/// <param name="WordsFound">Words of the values told.</param>
/// <param name="WordsRight">Words that both have.</param>
/// <param name="ForHuman">Papers for which a person must look.</param>
/// <param name="WrongUnseen">Papers for which a wrong value was told and no person must look.</param>
/// <param name="AsPrinted">Papers for which punctuation and marks over letters are right too, and only case and blanks may differ.</param>
public sealed record FieldFigures(int Papers, int Found, int Right, int WordsTrue, int WordsFound, int WordsRight, int ForHuman, int WrongUnseen, int AsPrinted)
{
    /// <summary>Share of told values that are right.</summary>
    public double Precision => Share(Right, Found);

    /// <summary>Share of true values that were told.</summary>
    public double Recall => Share(Right, Papers);

    /// <summary>Harmonic mean of both (van Rijsbergen 1979).</summary>
    public double F1 => Mean(Precision, Recall);

    /// <summary>F1 where punctuation and marks over letters count.</summary>
    public double PrintedF1 => Mean(Share(AsPrinted, Found), Share(AsPrinted, Papers));

    /// <summary>The same of words instead of values.</summary>
    public double WordF1 => Mean(Share(WordsRight, WordsFound), Share(WordsRight, WordsTrue));

    private static double Share(int part, int all) => all == 0 ? 0 : (double)part / all;

    private static double Mean(double a, double b) => a + b == 0 ? 0 : 2 * a * b / (a + b);
}

/// <summary>
/// Counts right values. Dates, amounts and account numbers are right when their normalised values are the same; companies and addresses when their texts
/// have the same letters and digits: case, blanks, punctuation and marks over letters do not count. A wrong value counts against precision and recall.
/// </summary>
public sealed class FieldTally
{
    private readonly int[,] _counts = new int[6, 9];

    /// <summary>The figures of each field that any paper has or got.</summary>
    public IReadOnlyDictionary<KeyFieldName, FieldFigures> Figures => Enum.GetValues<KeyFieldName>().Where(n => _counts[(int)n, 0] + _counts[(int)n, 1] > 0)
        .ToDictionary(n => n, n => new FieldFigures(At(n, 0), At(n, 1), At(n, 2), At(n, 3), At(n, 4), At(n, 5), At(n, 6), At(n, 7), At(n, 8)));

    /// <summary>Counts a paper. Of identity pages and forms nothing is known, so they do not count.</summary>
    public void Add(PaperKind kind, IReadOnlyDictionary<KeyFieldName, TruthField> truth, KeyFields found)
    {
        if (kind is PaperKind.Identity or PaperKind.Form) return;
        foreach (var name in Enum.GetValues<KeyFieldName>())
        {
            var (told, field) = (found[name], truth.GetValueOrDefault(name));
            var right = told is not null && field is not null && IsRight(name, told, field);
            Count(name, 0, field is not null);
            Count(name, 1, told is not null);
            Count(name, 2, right);
            var (trueWords, foundWords) = (Words(field?.Value), Words(told?.Value));
            (_counts[(int)name, 3], _counts[(int)name, 4]) = (_counts[(int)name, 3] + trueWords.Count, _counts[(int)name, 4] + foundWords.Count);
            foreach (var word in foundWords) Count(name, 5, trueWords.Remove(word));
            Count(name, 6, told is { ForHuman: true });
            Count(name, 8, right && (name is not (KeyFieldName.Company or KeyFieldName.Address) || Plain(told!.Value, all: true) == Plain(field!.Value, all: true)));
            Count(name, 7, told is { ForHuman: false } && !right);
        }
    }

    /// <summary>Whether a value is right.</summary>
    public static bool IsRight(KeyFieldName name, KeyField told, TruthField truth) => name is KeyFieldName.Company or KeyFieldName.Address
        ? Plain(told.Value, all: false) == Plain(truth.Value, all: false)
        : told.Normalised == truth.Normalised;

    private static string Plain(string text, bool all) => string.Concat(text.Where(c => all ? !char.IsWhiteSpace(c) : char.IsLetterOrDigit(c)).Select(c => all ? c : LatinText.Bare(c))).ToLowerInvariant();

    private static List<string> Words(string? text) => [.. (text ?? "").ToLowerInvariant().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)];

    private int At(KeyFieldName name, int what) => _counts[(int)name, what];

    private void Count(KeyFieldName name, int what, bool holds) => _counts[(int)name, what] += holds ? 1 : 0;
}
