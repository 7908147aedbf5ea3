using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Functions.Triggers;

/// <summary>POST documents: a picture of a page; the answer is what it says. Nothing of it is kept.</summary>
internal sealed class ReadPicture(LiveModels models)
{
    public const int MaxBytes = 10 * 1024 * 1024;
    public const string WhyLimited = "Send the picture smaller, or as JPEG; 2,000 pixels across a page are ample.";

    public async Task<IResult> RunAsync(string? portfolio, BinaryData picture, CancellationToken cancel)
    {
        portfolio ??= DocumentIntake.DefaultReader;
        if (!Names.Portfolio.Allows(portfolio)) return new Problem(400, "The request cannot be answered.", [Names.Portfolio.Fault]);
        using var reader = await models.RentAsync<PageReader>(ReadingContract.FamilyName, portfolio, cancel);
        if (reader is null) return new Problem(404, $"Reader '{portfolio}' is not live: register one with 'serverless documents register --name {portfolio}'.");
        return await reader.Model.ReadAsync(picture.ToMemory(), cancel) switch
        {
            Outcome<ReadPaper>.Done { Value: var read } => TypedResults.Json(new PictureAnswer(read.Page.Width, read.Page.Height, read.Page.Lines, read.Fields, reader.Version), Json.Options),
            var rejected => new Problem(400, "The picture cannot be read.", ((Outcome<ReadPaper>.Rejected)rejected).Reasons),
        };
    }
}

/// <summary>The answer.</summary>
/// <param name="Width">Of the page, in pixels.</param>
/// <param name="Height">Of the page, in pixels.</param>
/// <param name="Lines">Its lines, in reading order.</param>
/// <param name="Fields">Its key fields.</param>
/// <param name="Version">Version of the reader.</param>
internal sealed record PictureAnswer(int Width, int Height, IReadOnlyList<ReadLine> Lines, KeyFields Fields, string Version);
