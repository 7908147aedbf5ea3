using System.Globalization;

namespace Serverless.Training.Drops;

/// <summary>How messages name a file of a drop and its rows: by name where the drop has several.</summary>
/// <param name="Name">The file's name; null where the drop has only this one.</param>
internal readonly record struct PartName(string? Name)
{
    /// <summary>Begins a sentence about the file.</summary>
    public string File => Name is null ? "The file" : $"'{Name}'";

    /// <summary>Begins a sentence about the header.</summary>
    public string Header => Name is null ? "The header" : $"The header of '{Name}'";

    /// <summary>Stands behind a place in the file.</summary>
    public string Of => Name is null ? "" : $" of '{Name}'";

    /// <summary>The name of a file of a drop.</summary>
    public static PartName In(LocalDrop drop, int part) => new(drop.Parts.Count > 1 ? drop.Parts[part].Name : null);

    /// <summary>Begins a sentence about a row; row 0 is the header.</summary>
    public string Row(int row) => row == 0 ? Header : string.Create(CultureInfo.InvariantCulture, $"Row {row}{Of}");
}
