using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

/// <summary>A page that was read, as JSON for scripts.</summary>
internal static class DocumentJson
{
    /// <summary>Lines and fields with their four corners, from the upper left clockwise as seen by who reads the line; pixels to a tenth.</summary>
    public static JsonObject Of(string file, ReadPage page, KeyFields fields) => new()
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
        ["kind"] = JsonSerializer.SerializeToNode(fields.Kind, Json.Options),
        ["fields"] = new JsonObject(Enum.GetValues<KeyFieldName>().Where(name => fields[name] is not null).Select(name => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(name.ToString()), (JsonNode?)Field(fields[name]!)))),
    };

    private static JsonObject Field(KeyField field)
    {
        var json = new JsonObject { ["value"] = field.Value, ["normalised"] = field.Normalised, ["confidence"] = Math.Round(field.Confidence, 4), ["forHuman"] = field.ForHuman, ["box"] = Box(field.Box) };
        if (field.Currency is { } currency) json["currency"] = currency;
        return json;
    }

    private static JsonArray Box(PageBox box) => [.. new[] { box.TopLeft, box.TopRight, box.BottomRight, box.BottomLeft }.Select(p => (JsonNode)new JsonArray(Math.Round(p.X, 1), Math.Round(p.Y, 1)))];
}
