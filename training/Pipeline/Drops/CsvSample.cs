namespace Serverless.Training.Drops;

/// <summary>What the beginning of a CSV tells before it is read: the delimiter and the columns of the header.</summary>
/// <param name="Delimiter">What stands between two fields.</param>
/// <param name="Columns">Fields of the header, or of what there is of it.</param>
/// <param name="Records">Whole records.</param>
/// <param name="Agreeing">Those below the header that have as many fields.</param>
internal readonly record struct CsvSample(char Delimiter, int Columns, int Records, int Agreeing)
{
    private const int Most = 20;

    // In an order by which the rarer in texts and numbers wins a tie.
    private static readonly char[] Delimiters = ['\t', '|', ';', ','];

    /// <summary>Finds the delimiter with which most of the first rows have as many fields as the header; a comma where none divides it.</summary>
    public static CsvSample Of(ReadOnlySpan<char> text)
    {
        CsvSample? best = null;
        foreach (var delimiter in Delimiters)
        {
            var sample = With(text, delimiter);
            if (sample.Columns > 1 && (best is not { } other || (sample.Agreeing, sample.Columns).CompareTo((other.Agreeing, other.Columns)) > 0)) best = sample;
        }

        return best ?? With(text, ',');
    }

    /// <summary>Counts with a delimiter that is known.</summary>
    public static CsvSample With(ReadOnlySpan<char> text, char delimiter)
    {
        var (columns, records, agreeing, fields, quoted, start) = (0, 0, 0, 1, false, true);
        for (var i = 0; i < text.Length && records <= Most; i++)
        {
            var c = text[i];
            if (quoted) quoted = c != '"';
            else if (c == '"' && (start || text[i - 1] == '"')) quoted = true; // two quotes within quotes: out and in again
            else if (c == delimiter) fields++;
            else if (c is '\n' || (c is '\r' && text[(i + 1)..] is not ['\n', ..]))
            {
                if (records == 0) columns = fields;
                else if (fields == columns) agreeing++;
                (records, fields) = (records + 1, 1);
            }

            start = c == delimiter || c is '\r' or '\n';
        }

        return new(delimiter, records == 0 ? fields : columns, records, agreeing);
    }
}
