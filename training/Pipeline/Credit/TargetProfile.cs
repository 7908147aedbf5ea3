using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training.Credit;

/// <summary>The outcome's values as rows are read: tells good from bad before it is known which of two values is the bad one.</summary>
/// <param name="name">Name of the target.</param>
/// <param name="bad">Values that mean bad, if they were given.</param>
internal sealed class TargetProfile(string name, IReadOnlyList<string>? bad)
{
    private const int MostListed = 20;

    private static readonly string[] True = ["1", "true", "t", "yes", "y"];

    private static readonly string[] BadWords = ["bad", "late", "loss", "npl", "written", "unpaid", "overdue", "not", "non", "nonperforming"];

    private static readonly string[] BadStems = ["default", "charg", "chgoff", "delinq", "writeoff", "arrear", "fail", "insolv", "bankrupt"];

    private readonly List<Value> _values = [];

    /// <summary>Rows with an outcome.</summary>
    public int Known => _values.Sum(v => v.Rows);

    /// <summary>Class of a row: with given bad values 1 is bad; else 0 and 1 are the values in order of appearance; -1 for a missing one or a third value.</summary>
    public int Add(ReadOnlySpan<char> cell)
    {
        cell = cell.Trim();
        if (cell.IsEmpty) return -1;
        var text = cell.ToString();
        var at = _values.FindIndex(v => v.Texts.Contains(text));
        if (at < 0 && MissingCode.IsAmongTexts(text)) return -1;
        if (at < 0 && (at = _values.FindIndex(v => v.Key == Key(text))) < 0)
        {
            if (_values.Count > MostListed) return -1;
            at = _values.Count;
            _values.Add(new Value(Key(text)));
        }

        _values[at].Texts.Add(text);
        _values[at].Rows++;
        if (bad is not null) return bad.Any(b => Key(b.Trim()) == _values[at].Key) ? 1 : 0;
        return at < 2 ? at : -1;
    }

    /// <summary>Decides what is bad; rejected when the target has no two classes.</summary>
    public Outcome<TargetGuess> Guess()
    {
        var listed = string.Join(", ", _values.Take(MostListed).Select(v => $"'{v.Texts.Min(StringComparer.Ordinal)}'")) + (_values.Count > MostListed ? " and more" : "");
        if (_values.Count == 0) return Outcome<TargetGuess>.Reject($"The target '{name}' has no value in any row: choose another column with --target.");
        if (_values.Count == 1) return Outcome<TargetGuess>.Reject($"The target '{name}' has one value only, {listed}: training needs good and bad loans.");
        var rows = Known;
        if (bad is not null)
        {
            if (bad.FirstOrDefault(b => _values.All(v => v.Key != Key(b.Trim()))) is { } absent)
                return Outcome<TargetGuess>.Reject($"No row of the target '{name}' holds '{absent}': its values are {listed}.");
            var chosen = _values.Where(v => bad.Any(b => Key(b.Trim()) == v.Key)).ToList();
            return chosen.Count == _values.Count
                ? Outcome<TargetGuess>.Reject($"Every value of the target '{name}' was named as bad: name those of the bad loans only.")
                : Found(chosen, rows, "as given");
        }

        if (_values.Count > 2)
            return Outcome<TargetGuess>.Reject($"The target '{name}' has more than two values, {listed}: name those of the bad loans with --bad.");
        var (one, other) = (_values[0], _values[1]);
        if (IsBad(one) != IsBad(other)) return Found([IsBad(one) ? one : other], rows, "by its wording");
        if (IsTrue(one) != IsTrue(other) && (_values.Any(v => v.Key == "0") || !double.TryParse(one.Key, CultureInfo.InvariantCulture, out _)))
        {
            var good = ColumnName.IsGood(name);
            return Found([IsTrue(one) != good ? one : other], rows, good ? "because the column's name says that it is true for good loans" : "as 1, true and yes usually do");
        }

        return Found([one.Rows <= other.Rows ? one : other], rows, "because it is the rarer value: check this guess, and name the other with --bad if it is wrong", unsure: true);
    }

    private static Outcome<TargetGuess> Found(List<Value> bad, int rows, string why, bool unsure = false)
    {
        var share = (double)bad.Sum(v => v.Rows) / rows;
        var warning = share > 0.5 ? " More than half of the loans are bad: check that good and bad are not swapped." : "";
        var texts = bad.SelectMany(v => v.Texts).Order(StringComparer.Ordinal).ToList();
        var note = string.Create(CultureInfo.InvariantCulture, $"'{texts[0]}' means bad, {why}; {share:P1} of {rows} loans are bad.{warning}");
        return new TargetGuess(texts, note, unsure || share > 0.5 ? note : null);
    }

    private static bool IsTrue(Value value) => True.Contains(value.Key);

    private static bool IsBad(Value value) =>
        ColumnName.Tokens(value.Key).Any(t => BadWords.Contains(t) || BadStems.Any(b => t.StartsWith(b, StringComparison.Ordinal)));

    /// <summary>What is the same value: numbers by worth, texts without case.</summary>
    private static string Key(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : text.ToLowerInvariant();

    /// <summary>A value with its spellings.</summary>
    private sealed class Value(string key)
    {
        public string Key { get; } = key;

        public HashSet<string> Texts { get; } = new(StringComparer.Ordinal);

        public int Rows { get; set; }
    }
}

/// <summary>What means a bad loan.</summary>
/// <param name="Bad">Values as written.</param>
/// <param name="Note">Why.</param>
/// <param name="Warning">What the owner should look at, if the guess may be wrong.</param>
internal sealed record TargetGuess(IReadOnlyList<string> Bad, string Note, string? Warning);
