namespace Serverless.Training.Credit;

/// <summary>Who registered a model that was trained elsewhere; <c>registration.json</c> beside it in the registry.</summary>
/// <param name="Actor">As they said.</param>
/// <param name="At">When, UTC.</param>
public sealed record ImportedRegistration(string Actor, DateTimeOffset At)
{
    /// <summary>Its name.</summary>
    public const string FileName = "registration.json";
}
