using System.Text.Json.Nodes;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

/// <summary>A page that was read, as JSON for scripts.</summary>
internal static class DocumentJson
{
    /// <summary>Lines with their four corners, from the upper left clockwise as seen by who reads the line; pixels to a tenth.</summary>
    public static JsonObject Of(string file, ReadPage page) => new()
    {
        ["file"] = file,
        ["width"] = page.Width,
        ["height"] = page.Height,
        ["lines"] = new JsonArray([.. page.Lines.Select(line => (JsonNode)new JsonObject
        {
            ["text"] = line.Text,
            ["confidence"] = Math.Round(line.Confidence, 4),
            ["box"] = Box(line.Box),
        })]),
    };

    private static JsonArray Box(PageBox box) => [.. new[] { box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft }.Select(p => (JsonNode)new JsonArray(Math.Round(p.X, 1), Math.Round(p.Y, 1)))];
}
