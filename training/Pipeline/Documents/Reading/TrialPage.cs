namespace Serverless.Training.Documents;

/// <summary>The page that a reader is tried with before it is stored: four lines in four typefaces, drawn for that with the DejaVu fonts.</summary>
internal static class TrialPage
{
    /// <summary>What stands on it.</summary>
    public static IReadOnlyList<string> Lines { get; } = ["Statement", "Account DE89370400440532013000", "Opened 14.03.2021", "Total 1,234.56"];

    /// <summary>The page as PNG.</summary>
    public static byte[] Picture()
    {
        using var stream = typeof(TrialPage).Assembly.GetManifestResourceStream("trial-page.png")!;
        var picture = new byte[stream.Length];
        stream.ReadExactly(picture);
        return picture;
    }
}
