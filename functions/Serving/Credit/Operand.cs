namespace Serverless.Serving.Credit;

/// <summary>A value in an <see cref="Expression"/>: a number (a date in days since 1970-01-01, a truth as 1 or 0), a text, or missing.</summary>
public readonly record struct Operand
{
    private Operand(double number, string? text) => (Number, Text) = (number, text);

    /// <summary>No value.</summary>
    public static Operand Missing { get; } = new(double.NaN, null);

    /// <summary>The number; NaN for a text and for missing.</summary>
    public double Number { get; }

    /// <summary>The text; null for a number and for missing.</summary>
    public string? Text { get; }

    /// <summary>A number; one that is not finite is missing.</summary>
    public static Operand Of(double number) => double.IsFinite(number) ? new(number, null) : Missing;

    /// <summary>A text.</summary>
    public static Operand Of(string text) => new(double.NaN, text);

    /// <summary>What a field holds; special codes are no values, so they are missing here, as a fault is.</summary>
    /// <param name="cell">Read without the row's date, so that dates are days since 1970-01-01.</param>
    public static Operand Of(in Cell cell) => cell.Kind switch
    {
        CellKind.Number => Of(cell.Number),
        CellKind.Category => Of(cell.Category.ToString()),
        _ => Missing,
    };

    internal static Operand Of(bool truth) => new(truth ? 1 : 0, null);
}
