namespace Serverless.Serving.Documents;

/// <summary>A paper of an application, by its blob in container <c>documents</c>: <c>incoming/{portfolio}/{applicationId}/{file}</c>.</summary>
/// <param name="Portfolio">Portfolio of the application.</param>
/// <param name="ApplicationId">Id of the application, which may come later.</param>
/// <param name="File">Name of the picture's file.</param>
public sealed record DocumentName(string Portfolio, string ApplicationId, string File)
{
    /// <summary>Folder of all pictures.</summary>
    internal const string IncomingFolder = "incoming";

    private const string Ending = ".json";

    /// <summary>The blob of the picture, in container <c>documents</c>.</summary>
    public string Incoming => $"{IncomingFor(Portfolio, ApplicationId)}{File}";

    /// <summary>The blob of what was read, beside the application in container <c>applications</c>.</summary>
    public string Reading => $"{ReadFor(Portfolio, ApplicationId)}{File}{Ending}";

    /// <summary>The paper that a blob is the reading of.</summary>
    internal static DocumentName OfReading(string portfolio, string applicationId, string blob) => new(portfolio, applicationId, blob[ReadFor(portfolio, applicationId).Length..^Ending.Length]);

    /// <summary>Folder of an application's pictures, with the slash.</summary>
    public static string IncomingFor(string portfolio, string applicationId) => $"{IncomingFolder}/{Names.Portfolio.Check(portfolio)}/{Names.ApplicationId.Check(applicationId)}/";

    /// <summary>Folder of what was read of them, with the slash.</summary>
    public static string ReadFor(string portfolio, string applicationId) => $"{Names.Portfolio.Check(portfolio)}/{Names.ApplicationId.Check(applicationId)}/documents/";

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
