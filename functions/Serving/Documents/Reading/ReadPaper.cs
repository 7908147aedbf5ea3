namespace Serverless.Serving.Documents;

/// <summary>A picture that was read: its lines and its key fields.</summary>
/// <param name="Page">The lines.</param>
/// <param name="Fields">The fields.</param>
public sealed record ReadPaper(ReadPage Page, KeyFields Fields);
