using System.Runtime.CompilerServices;
using Serverless.Serving.Poison;

namespace Serverless.Training.Drops;

/// <summary>The drops that wait to be worked off: those whose present content has no outcome and does not lie in the poison store.</summary>
public sealed class DropBacklog(DropStore drops, DropOutcomes outcomes, PoisonStore poison)
{
    /// <summary>Streams the waiting drops whose names begin with <paramref name="prefix"/>, by name. The one place that says what waits.</summary>
    internal async IAsyncEnumerable<DropBlob> WaitingAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Outcomes first: a drop that is settled between the two listings is then named once too often, which is safe, and none is missed.
        var settled = await outcomes.SettledAsync(prefix, cancel);
        await foreach (var drop in drops.ListAsync(prefix, cancel))
        {
            // What failed for good waits for a person, who requeues or discards it: running it again and again would help nobody.
            // Except one that is too big: the Functions host cannot even hand it over, so only from here is it rejected with a report.
            if (!settled.Contains(DropOutcomes.Key(drop)) && (drop.Bytes > DropName.MaxBytes || !await poison.HoldsBlobAsync(DropStore.Container, drop.Name, drop.ETag.ToString(), cancel))) yield return drop;
        }
    }

    /// <summary>The waiting drops of a portfolio that came before a drop, oldest first.</summary>
    /// <param name="name">The drop's name, read.</param>
    /// <param name="drop">The drop.</param>
    /// <param name="families">Names of the families that can be trained.</param>
    /// <param name="cancel">Stops it.</param>
    internal async Task<IReadOnlyList<DropBlob>> BeforeAsync(DropName name, DropBlob drop, IReadOnlyCollection<string> families, CancellationToken cancel)
    {
        // A name that nothing can be trained on is left to its own delivery, which rejects it.
        var before = new List<DropBlob>();
        await foreach (var other in WaitingAsync(name.Folder, cancel))
            if (other.CameBefore(drop) && DropName.Read(other.Name, other.Bytes, families) is Serving.Outcome<DropName>.Done) before.Add(other);
        before.Sort((a, b) => a.CameBefore(b) ? -1 : 1);
        return before;
    }
}
