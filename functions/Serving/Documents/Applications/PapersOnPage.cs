using System.Globalization;
using System.Text.Json;
using Serverless.Serving.Cards;

namespace Serverless.Serving.Documents;

/// <summary>The papers of an application on a page for people: what contradicts it, each picture with its boxes, and its key fields.</summary>
internal static class PapersOnPage
{
    // A page with more pictures is none that a browser likes.
    private const int MostPictures = 12;

    /// <summary>Adds them; nothing where there are none.</summary>
    /// <param name="page">The page.</param>
    /// <param name="contradictions">What they say otherwise.</param>
    /// <param name="papers">The papers.</param>
    public static void Add(CardPage page, IReadOnlyList<Contradiction> contradictions, IReadOnlyList<Paper> papers)
    {
        if (papers.Count == 0 && contradictions.Count == 0) return;
        page.Heading("Papers");
        if (contradictions.Count > 0)
        {
            page.Table("What they say otherwise than the application", ["Field", "Paper", "The application says", "The paper says", "#Confidence"],
                contradictions.Select(c => new CardCell[] { c.Field, c.File, c.Stated, c.Read, Number(c.Confidence) }));
        }

        foreach (var (reading, picture) in papers.Take(MostPictures).Select(p => (p.Reading, p.Picture)))
        {
            if (reading.Page is null || reading.Fields is not { } fields)
            {
                page.Text($"{reading.File} could not be read. {string.Join(' ', reading.Reasons)}");
                continue;
            }

            page.Table($"{reading.File}: what was found", ["Field", "Value", "#Confidence", "For a person"], Enum.GetValues<KeyFieldName>().Where(n => fields[n] is not null).Select(n => new CardCell[]
            {
                JsonNamingPolicy.CamelCase.ConvertName(n.ToString()), fields[n]!.Value, Number(fields[n]!.Confidence), fields[n]!.ForHuman ? "yes" : "",
            }));
            if (picture is not null && PictureFile.Decode(picture.ToMemory().Span) is Outcome<Picture>.Done { Value: var decoded })
            {
                using (decoded) DocumentPage.Draw(page, decoded, reading.Page);
            }
        }

        if (papers.Count > MostPictures) page.Text(string.Create(CultureInfo.InvariantCulture, $"{papers.Count - MostPictures} more papers are not shown."));
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
