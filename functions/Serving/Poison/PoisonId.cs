using System.Security.Cryptography;
using System.Text;

namespace Serverless.Serving.Poison;

/// <summary>
/// Ids of what fails: 32 hexadecimal digits of a SHA-256, so that every delivery of the same thing has the same id, whoever sees it:
/// the function, which gets the text, or the poison queue, which has the base64 of it.
/// </summary>
public static class PoisonId
{
    /// <summary>Of a message, by its text as a function gets it.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    /// <summary>Of a blob with this content; the ETag with or without quotes.</summary>
    public static string Of(string container, string name, string etag) => Of($"{container}/{name}/{etag.Trim('"')}");
}
