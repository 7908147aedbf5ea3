namespace Serverless.Serving.Credit;

/// <summary>A fault in an expression and where it is; does not leave <see cref="Expression"/>.</summary>
internal sealed class ExpressionException(int at, string what) : Exception($"At character {at + 1}: {what}");

/// <summary>A part of a parsed expression.</summary>
/// <param name="At">Its first character, for faults.</param>
internal abstract record ExpressionNode(int At)
{
    /// <summary>The result for one row.</summary>
    public abstract Operand Evaluate(ReadOnlySpan<Operand> columns);

    /// <summary>The kind of the result.</summary>
    /// <exception cref="ExpressionException">An operand has a wrong kind.</exception>
    public abstract ExpressionKind KindOf(ExpressionKind[] columns);

    private protected static void Want(ExpressionKind wanted, ExpressionNode operand, ExpressionKind[] columns)
    {
        if (operand.KindOf(columns) is var kind && kind != wanted)
            throw new ExpressionException(operand.At, $"{NameOf(kind)} stands where {NameOf(wanted)} is needed.");
    }

    private protected static string NameOf(ExpressionKind kind) => kind switch
    {
        ExpressionKind.Number => "a number",
        ExpressionKind.Text => "a text",
        _ => "a condition",
    };
}

/// <summary>A number or text that is written in the expression.</summary>
internal sealed record LiteralNode(int At, Operand Value) : ExpressionNode(At)
{
    public override Operand Evaluate(ReadOnlySpan<Operand> columns) => Value;

    public override ExpressionKind KindOf(ExpressionKind[] columns) => Value.Text is null ? ExpressionKind.Number : ExpressionKind.Text;
}

/// <summary>A column.</summary>
internal sealed record ColumnNode(int At, int Place) : ExpressionNode(At)
{
    public override Operand Evaluate(ReadOnlySpan<Operand> columns) => columns[Place];

    public override ExpressionKind KindOf(ExpressionKind[] columns) => columns[Place];
}

/// <summary>A sign, <c>not</c>, or a function.</summary>
internal sealed record CallNode(int At, string Name, IReadOnlyList<ExpressionNode> Arguments) : ExpressionNode(At)
{
    public override Operand Evaluate(ReadOnlySpan<Operand> columns)
    {
        var result = Arguments[0].Evaluate(columns).Number;
        if (Arguments.Count == 1)
        {
            return Operand.Of(Name switch
            {
                "-" => -result,
                "not" => 1 - result,
                "abs" => Math.Abs(result),
                "log" => Math.Log(result), // not finite for 0 and below, so missing
                _ => result,
            });
        }

        for (var i = 1; i < Arguments.Count; i++)
        {
            var next = Arguments[i].Evaluate(columns).Number;
            result = Name == "min" ? Math.Min(result, next) : Math.Max(result, next); // both give NaN when one is NaN
        }

        return Operand.Of(result);
    }

    public override ExpressionKind KindOf(ExpressionKind[] columns)
    {
        var kind = Name == "not" ? ExpressionKind.Truth : ExpressionKind.Number;
        foreach (var argument in Arguments) Want(kind, argument, columns);
        return kind;
    }
}

/// <summary>Two operands and what stands between them.</summary>
internal sealed record BinaryNode(int At, string Operator, ExpressionNode Left, ExpressionNode Right) : ExpressionNode(At)
{
    public override Operand Evaluate(ReadOnlySpan<Operand> columns)
    {
        var (left, right) = (Left.Evaluate(columns), Right.Evaluate(columns));
        if (left.Text is { } a && right.Text is { } b)
        {
            if (Operator == "&") return Operand.Of(a + Expression.Joint + b);
            return Operand.Of(string.Equals(a, b, StringComparison.Ordinal) == (Operator == "="));
        }

        var (x, y) = (left.Number, right.Number);
        if (double.IsNaN(x) || double.IsNaN(y)) return Operand.Missing;
        return Operator switch
        {
            "+" => Operand.Of(x + y),
            "-" => Operand.Of(x - y),
            "*" => Operand.Of(x * y),
            "/" => Operand.Of(x / y),
            "<" => Operand.Of(x < y),
            "<=" => Operand.Of(x <= y),
            ">" => Operand.Of(x > y),
            ">=" => Operand.Of(x >= y),
            "=" => Operand.Of(x == y),
            "!=" => Operand.Of(x != y),
            "and" => Operand.Of(x * y),
            _ => Operand.Of(Math.Max(x, y)),
        };
    }

    public override ExpressionKind KindOf(ExpressionKind[] columns)
    {
        switch (Operator)
        {
            case "and" or "or":
                return Both(ExpressionKind.Truth, ExpressionKind.Truth, columns);
            case "&":
                return Both(ExpressionKind.Text, ExpressionKind.Text, columns);
            case "=" or "!=":
                var kind = Left.KindOf(columns);
                if (kind == ExpressionKind.Truth) throw new ExpressionException(Left.At, "a condition cannot be compared: join conditions by 'and', 'or' and 'not'.");
                return Both(kind, ExpressionKind.Truth, columns);
            case "<" or "<=" or ">" or ">=":
                return Both(ExpressionKind.Number, ExpressionKind.Truth, columns);
            default:
                return Both(ExpressionKind.Number, ExpressionKind.Number, columns);
        }
    }

    private ExpressionKind Both(ExpressionKind wanted, ExpressionKind result, ExpressionKind[] columns)
    {
        Want(wanted, Left, columns);
        Want(wanted, Right, columns);
        return result;
    }
}
