namespace Serverless.Serving.Credit;

/// <summary>What an expression gives.</summary>
public enum ExpressionKind
{
    /// <summary>A number, or a date in days.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Truth,
}

/// <summary>
/// A small language over the columns of a row, for computed columns and for rules. From loose to tight: <c>or</c>, <c>and</c>, <c>not</c>;
/// <c>&lt; &lt;= &gt; &gt;= = !=</c>; <c>&amp;</c>, which joins two texts; <c>+ -</c>; <c>* /</c>; a sign. Parentheses, the functions <c>min</c>, <c>max</c>,
/// <c>abs</c> and <c>log</c> (natural), numbers with a decimal point, texts in single quotes (a quote in them is doubled), and
/// columns by name, in brackets where the name is no plain word. Dates count in days. An operand that is missing makes the result missing,
/// and so does arithmetic without a finite result. It computes nothing else: no loops, no names from outside.
/// </summary>
public sealed class Expression
{
    /// <summary>Most characters.</summary>
    public const int MaxLength = 1000;

    /// <summary>Most levels of parentheses, functions and signs.</summary>
    public const int MaxDepth = 32;

    /// <summary>What stands between two texts that were joined.</summary>
    public const string Joint = " & ";

    private readonly ExpressionNode _root;

    internal Expression(ExpressionNode root, IReadOnlyList<string> columns) => (_root, Columns) = (root, columns);

    /// <summary>The columns that it reads, each once, in the order in which they are first named.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads an expression; rejected with the place of the first fault.</summary>
    public static Outcome<Expression> Parse(string text) => ExpressionParser.Parse(text);

    /// <summary>What it gives; rejected with the place of the first operand of a wrong kind.</summary>
    /// <param name="types">The type of each of <see cref="Columns"/>.</param>
    public Outcome<ExpressionKind> KindOf(Func<string, ColumnType> types)
    {
        try
        {
            return _root.KindOf(Array.ConvertAll([.. Columns], name => types(name) == ColumnType.Category ? ExpressionKind.Text : ExpressionKind.Number));
        }
        catch (ExpressionException fault)
        {
            return Outcome<ExpressionKind>.Reject(fault.Message);
        }
    }

    /// <summary>The result for one row.</summary>
    /// <param name="values">A value for each of <see cref="Columns"/>, in their order.</param>
    public Operand Evaluate(ReadOnlySpan<Operand> values) => _root.Evaluate(values);

    /// <summary>Whether a row keeps it as a rule; one in which an operand is missing does.</summary>
    /// <param name="values">A value for each of <see cref="Columns"/>, in their order.</param>
    public bool Holds(ReadOnlySpan<Operand> values) => Evaluate(values).Number is not 0;
}
