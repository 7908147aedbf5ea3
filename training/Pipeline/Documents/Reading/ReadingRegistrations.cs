using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Training.Documents;

/// <summary>Stores a reader and makes it live. Published first: a crash before the switch leaves a version that is not live, and registering again goes on from there.</summary>
public static class ReadingRegistrations
{
    /// <summary>Stores it and makes it the champion of its portfolio, as whoever registers it; a portfolio whose contract asks for approval gets a proposal.</summary>
    /// <param name="reader">As <see cref="ReadingFolder"/> read it.</param>
    /// <param name="registry">Where it is stored.</param>
    /// <param name="changes">Switches the champion.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Whether it waits for a second person.</returns>
    public static async Task<Outcome<bool>> RegisterAsync(ModelBundle reader, ModelRegistry registry, ModelChanges changes, string actor, CancellationToken cancel)
    {
        var registration = new Dictionary<string, byte[]> { [ReadingFolder.RegistrationFile] = Json.File(new ReadingRegistration(actor, reader.Manifest.TrainedAt)) };
        await registry.PublishAsync(reader.With(reader.Manifest, registration), cancel);
        var portfolio = reader.Manifest.Portfolio;
        if ((await registry.StateAsync(ReadingContract.FamilyName, portfolio, cancel)).Version == reader.Version) return false;
        var changed = await changes.PromoteAsync(new(ReadingContract.FamilyName, portfolio, actor, Reason: null), reader.Version, cancel);
        return changed.Then<bool>(change => change.Waits);
    }
}
