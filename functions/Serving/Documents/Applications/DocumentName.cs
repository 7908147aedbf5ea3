using Serverless.Serving.Decisions;

namespace Serverless.Serving.Documents;

/// <summary>A paper of an application, by its blob in container <c>documents</c>: <c>incoming/{portfolio}/{applicationId}/{file}</c>.</summary>
/// <param name="Portfolio">Portfolio of the application.</param>
/// <param name="ApplicationId">Id of the application, which may come later.</param>
/// <param name="File">Name of the picture's file.</param>
public sealed record DocumentName(string Portfolio, string ApplicationId, string File)
{
    private const string IncomingFolder = "incoming", ReadFolder = "read";

    /// <summary>The blob of the picture.</summary>
    public string Incoming => $"{IncomingFor(Portfolio, ApplicationId)}{File}";

    /// <summary>The blob of what was read.</summary>
    public string Reading => $"{ReadFor(Portfolio, ApplicationId)}{File}.json";

    /// <summary>Whether a blob is a picture that came in, and not what was read of one.</summary>
    public static bool IsIncoming(string blob) => blob.StartsWith($"{IncomingFolder}/", StringComparison.Ordinal);

    /// <summary>Folder of an application's pictures, with the slash.</summary>
    public static string IncomingFor(string portfolio, string applicationId) => $"{IncomingFolder}/{Names.Portfolio.Check(portfolio)}/{Names.ApplicationId.Check(applicationId)}/";

    /// <summary>Folder of what was read of them, with the slash.</summary>
    public static string ReadFor(string portfolio, string applicationId) => $"{ReadFolder}/{Names.Portfolio.Check(portfolio)}/{Names.ApplicationId.Check(applicationId)}/";

    /// <summary>Reads the name of a picture's blob; rejected with every fault. The name itself is not repeated: it may hold a person's.</summary>
    public static Outcome<DocumentName> Read(string blob)
    {
        if (blob.Split('/') is not [IncomingFolder, var portfolio, var id, var file])
            return Outcome<DocumentName>.Reject("The blob's name must be incoming/{portfolio}/{applicationId}/{file}, such as incoming/consumer-loans/A-17/payslip.png.");
        string[] faults =
        [
            .. Names.Portfolio.Allows(portfolio) ? [] : new[] { Names.Portfolio.Fault },
            .. Names.ApplicationId.Allows(id) ? [] : new[] { Names.ApplicationId.Fault },
            .. Names.File.Allows(file) ? [] : new[] { Names.File.Fault },
        ];
        return faults.Length > 0 ? Outcome<DocumentName>.Reject(faults) : new DocumentName(portfolio, id, file);
    }
}
