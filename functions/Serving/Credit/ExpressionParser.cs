using System.Globalization;

namespace Serverless.Serving.Credit;

/// <summary>Parses an <see cref="Expression"/> by recursive descent, with bounded depth.</summary>
internal sealed class ExpressionParser
{
    // Loosest first; "not" stands between the second and the third level.
    private static readonly string[][] Levels = [["or"], ["and"], ["<=", ">=", "!=", "<", ">", "="], ["&"], ["+", "-"], ["*", "/"]];
    private const int Comparisons = 2;

    private readonly string _text;
    private readonly List<string> _columns = [];
    private int _at;
    private int _depth;

    private ExpressionParser(string text) => _text = text;

    public static Outcome<Expression> Parse(string text)
    {
        if (text.Length > Expression.MaxLength)
            return Outcome<Expression>.Reject(string.Create(CultureInfo.InvariantCulture, $"It has {text.Length} characters: write at most {Expression.MaxLength}."));
        var parser = new ExpressionParser(text);
        try
        {
            var root = parser.Level(0);
            parser.SkipBlanks();
            return parser._at == text.Length ? new Expression(root, parser._columns) : throw parser.Fault(parser._text[parser._at] == ')'
                ? "')' closes nothing: remove it."
                : "an operator is needed here, such as + - * / < <= > >= = != & and or.");
        }
        catch (ExpressionException fault)
        {
            return Outcome<Expression>.Reject(fault.Message);
        }
    }

    private ExpressionNode Level(int level)
    {
        if (level == Levels.Length) return Sign();
        if (level == Comparisons && Take("not") is { } not) return Deeper(() => new CallNode(not, "not", [Level(level)]));
        var left = Level(level + 1);
        for (var compared = false; Next(level) is { } next; compared = true)
        {
            if (compared && level == Comparisons) throw Fault("two comparisons stand side by side: join them by 'and'.");
            _at += next.Length;
            left = new BinaryNode(left.At, next, left, Level(level + 1));
        }

        return left;
    }

    private ExpressionNode Sign() => Take("-") is { } at ? Deeper(() => new CallNode(at, "-", [Sign()])) : Primary();

    private ExpressionNode Primary()
    {
        SkipBlanks();
        if (_at == _text.Length) throw Fault("something is missing at the end: write a column, a number or a text.");
        var (at, first) = (_at, _text[_at]);
        if (first == '(')
        {
            _at++;
            var inner = Deeper(() => Level(0));
            Close();
            return inner;
        }

        if (first == '\'') return new LiteralNode(at, Operand.Of(Quoted('\'', "the text has no closing quote: end it with '.")));
        if (first == '[') return Column(at, Quoted(']', "the name has no closing bracket: end it with ]."));
        if (char.IsAsciiDigit(first) || first == '.') return Number();
        if (!IsWord(first)) throw Fault("a column, a number or a text is needed here: put names that are no plain words in [brackets].");
        var word = Word();
        if (word is "and" or "or" or "not") throw Fault($"'{word}' has nothing before it, or needs parentheses: a column of that name is written [{word}].", at);
        SkipBlanks();
        return _at < _text.Length && _text[_at] == '(' ? Call(at, word) : Column(at, word);
    }

    private CallNode Call(int at, string name)
    {
        if (name is not ("min" or "max" or "abs" or "log")) throw Fault("there is no such function: min, max, abs and log are known.", at);
        List<ExpressionNode> arguments = [];
        do
        {
            _at++;
            arguments.Add(Deeper(() => Level(0)));
            SkipBlanks();
        }
        while (_at < _text.Length && _text[_at] == ',');

        Close();
        var one = name is "abs" or "log";
        if (one != (arguments.Count == 1)) throw Fault($"'{name}' takes {(one ? "one operand" : "two or more operands, with commas between them")}.", at);
        return new CallNode(at, name, arguments);
    }

    private ColumnNode Column(int at, string name)
    {
        if (name.Length == 0) throw Fault("the brackets are empty: write the column's name in them.", at);
        if (!_columns.Contains(name)) _columns.Add(name);
        return new ColumnNode(at, _columns.IndexOf(name));
    }

    private LiteralNode Number()
    {
        var at = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '.' || (_text[_at] is '+' or '-' && _text[_at - 1] is 'e' or 'E'))) _at++;
        return double.TryParse(_text.AsSpan(at, _at - at), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new LiteralNode(at, Operand.Of(number))
            : throw Fault("this is no number: write digits with a decimal point, such as 1200.5; put a column's name in [brackets].", at);
    }

    // From an opening character to the closing one, which is doubled where it is meant itself.
    private string Quoted(char close, string unclosed)
    {
        var from = ++_at;
        while (true)
        {
            var end = _text.IndexOf(close, _at);
            if (end < 0) throw Fault(unclosed, from - 1);
            _at = end + 1;
            if (_at == _text.Length || _text[_at] != close) return _text[from..end].Replace(new string(close, 2), close.ToString(), StringComparison.Ordinal);
            _at++;
        }
    }

    private void Close()
    {
        SkipBlanks();
        if (_at == _text.Length || _text[_at] != ')') throw Fault("')' is missing, or an operator before this.");
        _at++;
    }

    private T Deeper<T>(Func<T> parse)
    {
        if (++_depth > Expression.MaxDepth) throw Fault(string.Create(CultureInfo.InvariantCulture, $"it is nested more than {Expression.MaxDepth} levels deep: split it into several columns."));
        var parsed = parse();
        _depth--;
        return parsed;
    }

    private string? Next(int level)
    {
        SkipBlanks();
        return Array.Find(Levels[level], IsHere);
    }

    private int? Take(string word)
    {
        SkipBlanks();
        if (!IsHere(word)) return null;
        _at += word.Length;
        return _at - word.Length;
    }

    private bool IsHere(string operation) =>
        string.CompareOrdinal(_text, _at, operation, 0, operation.Length) == 0
        && (!char.IsAsciiLetter(operation[0]) || _at + operation.Length == _text.Length || !IsWord(_text[_at + operation.Length]));

    private string Word()
    {
        var from = _at;
        while (_at < _text.Length && IsWord(_text[_at])) _at++;
        return _text[from.._at];
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';

    private ExpressionException Fault(string what, int? at = null) => new(at ?? _at, what);
}
