namespace Serverless.Functions.Triggers;

/// <summary>GET openapi.json: the API's description.</summary>
internal sealed class ApiDescription(ScriptRoot root)
{
    public IResult Answer() => TypedResults.PhysicalFile(Path.Combine(root.Folder, "openapi.json"), "application/json");
}
