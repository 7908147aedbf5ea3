using System.Runtime.CompilerServices;
using Serverless.Serving;
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
            if (DropName.IsPart(drop.Name)) continue;

            // What failed for good waits for a person, who requeues or discards it: running it again and again would help nobody.
            // Except one that is too big: the Functions host cannot even hand it over, so only from here is it rejected with a report.
            if (!settled.Contains(DropOutcomes.Key(drop)) && (drop.Bytes > DropName.MaxBytes || !await poison.HoldsBlobAsync(DropStore.Container, drop.Name, drop.ETag.ToString(), cancel))) yield return drop;
        }
    }

    /// <summary>The manifests that are missing for parts to which nothing was added since a time.</summary>
    internal async Task<IReadOnlyList<string>> MissingManifestsAsync(DateTimeOffset since, CancellationToken cancel)
    {
        var (there, newest) = (new HashSet<string>(StringComparer.Ordinal), new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal));
        await foreach (var blob in drops.ListAsync("", cancel))
        {
            if (!DropName.IsPart(blob.Name)) there.Add(blob.Name);
            else if (!newest.TryGetValue(DropName.ManifestOf(blob.Name), out var known) || known < blob.LastModified) newest[DropName.ManifestOf(blob.Name)] = blob.LastModified;
        }

        return [.. newest.Where(p => p.Value < since && !there.Contains(p.Key)).Select(p => p.Key)];
    }

    /// <summary>The waiting drops of a portfolio that came before a drop, oldest first.</summary>
    /// <param name="name">The drop's name, read.</param>
    /// <param name="drop">The drop.</param>
    /// <param name="families">The families that can be trained, and the forms of their drops.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Each with its own name, read: a manifest may have come before a table.</returns>
    internal async Task<IReadOnlyList<(DropBlob Drop, DropName Name)>> BeforeAsync(DropName name, DropBlob drop, IReadOnlyDictionary<string, DropForms> families, CancellationToken cancel)
    {
        // A name that nothing can be trained on is left to its own delivery, which rejects it.
        var before = new List<(DropBlob Drop, DropName Name)>();
        await foreach (var other in WaitingAsync(name.Folder, cancel))
            if (other.CameBefore(drop) && DropName.Read(other.Name, other.Bytes, families) is Outcome<DropName>.Done { Value: var read }) before.Add((other, read));
        before.Sort((a, b) => a.Drop.CameBefore(b.Drop) ? -1 : 1);
        return before;
    }
}
