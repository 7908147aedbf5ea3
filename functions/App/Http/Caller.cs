using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Functions.Http;

/// <summary>Who calls, as the platform's authentication (EasyAuth) found: header <c>X-MS-CLIENT-PRINCIPAL</c>, base64 of JSON with the token's claims.</summary>
/// <param name="Id">Object id of the user or app.</param>
/// <param name="Scopes">Delegated scopes and app roles together.</param>
internal sealed record Caller(string Id, IReadOnlySet<string> Scopes)
{
    /// <summary>The header; anybody can send it, so it counts only where the platform, which removes what callers send, says that it is on.</summary>
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    private const string WhoeverHasTheKey = "functions-key"; // as ChangeRules.SharedKey: the answering app has no training

    private static readonly string[] ScopeClaims = ["scp", "http://schemas.microsoft.com/identity/claims/scope"];
    private static readonly string[] RoleClaims = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];
    private static readonly string[] IdClaims = ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];

    /// <summary>Reads the header; null when it is missing, has another form, or is not of Entra ID.</summary>
    public static Caller? Read(string? header)
    {
        if (header is not { Length: > 0 }) return null;
        try
        {
            var principal = JsonSerializer.Deserialize<Principal>(Convert.FromBase64String(header));
            if (principal is not { Type: "aad", Claims: { } claims }) return null;
            var id = claims.FirstOrDefault(c => IdClaims.Contains(c.Type))?.Value;
            var roles = claims.Where(c => RoleClaims.Contains(c.Type)).Select(c => c.Value);
            var scopes = claims.Where(c => ScopeClaims.Contains(c.Type)).SelectMany(c => c.Value?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
            return id is null ? null : new(id, roles.Concat(scopes).OfType<string>().ToHashSet(StringComparer.Ordinal));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Who is recorded as the actor of what a request changes: the caller that was let in, or that somebody with a key did it.</summary>
    public static string ActorOf(HttpContext http) => http.Features.Get<Caller>()?.Id ?? WhoeverHasTheKey;

    private sealed record Principal([property: JsonPropertyName("auth_typ")] string? Type, [property: JsonPropertyName("claims")] IReadOnlyList<Claim>? Claims);

    private sealed record Claim([property: JsonPropertyName("typ")] string Type, [property: JsonPropertyName("val")] string? Value);
}
