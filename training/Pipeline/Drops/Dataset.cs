using System.Security.Cryptography;
using System.Text;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>
/// What a model was trained on: the accepted drops in the order in which they came, each with its parts by hash. Container
/// <c>datasets</c>, <c>{family}/{portfolio}/{sha256}.json</c>, written once; a model's manifest names it by <c>dataSha256</c>.
/// </summary>
public sealed record Dataset
{
    /// <summary>Version of the form that datasets are written in.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Whether it is one drop alone, or the union of several, of which the content is kept.</summary>
    public required DropMode Mode { get; init; }

    /// <summary>The drops, oldest first; a later row for an id replaces an earlier one.</summary>
    public required IReadOnlyList<DatasetDrop> Drops { get; init; }

    /// <summary>
    /// Identity of the data: of one drop without a day of observation that of its bytes (<see cref="LocalDrop.Sha256"/>), else that of
    /// the drops' hashes and days. Names and times do not count, since they do not change what is learnt.
    /// </summary>
    internal string Sha256() => Drops is [{ ObservedOn: null } only]
        ? only.Sha256()
        : HashOf(string.Concat(Drops.Select(d => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{d.Sha256()} {d.ObservedOn:yyyy-MM-dd}\n"))));

    /// <summary>Every part once, by hash.</summary>
    internal IEnumerable<DatasetPart> DistinctParts() => Drops.SelectMany(d => d.Parts).DistinctBy(p => p.Sha256);

    /// <summary>The dataset with a drop at its place in the order of arrival; unchanged when the drop is in it, or brings what the one before it brought.</summary>
    internal Dataset With(DatasetDrop drop)
    {
        if (Drops.Any(d => d.IsOf(drop))) return this;
        var at = Drops.Count(d => d.CameBefore(drop));
        if (at > 0 && Drops[at - 1].Sha256() == drop.Sha256() && Drops[at - 1].ObservedOn == drop.ObservedOn) return this;
        return this with { Drops = [.. Drops.Take(at), drop, .. Drops.Skip(at)] };
    }

    /// <summary>Place of a drop that <see cref="With"/> was given: its own, or that of the one with the same content.</summary>
    internal int PlaceOf(DatasetDrop drop)
    {
        var own = Drops.ToList().FindIndex(d => d.IsOf(drop));
        return own >= 0 ? own : Drops.Count(d => d.CameBefore(drop)) - 1;
    }

    /// <summary>The SHA-256 (hex) of ASCII text.</summary>
    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}

/// <summary>A drop in a dataset.</summary>
/// <param name="Drop">Its name.</param>
/// <param name="ETag">Of its content.</param>
/// <param name="ArrivedAt">When it came, UTC.</param>
/// <param name="ContractVersion">The contract that it was accepted under.</param>
/// <param name="Parts">Its files, in order.</param>
public sealed record DatasetDrop(string Drop, string ETag, DateTimeOffset ArrivedAt, string ContractVersion, IReadOnlyList<DatasetPart> Parts)
{
    /// <summary>The day on which its outcomes were looked up, where its manifest says.</summary>
    public DateOnly? ObservedOn { get; init; }

    /// <summary>As <see cref="LocalDrop.Sha256"/>.</summary>
    internal string Sha256() => Parts is [var only] ? only.Sha256 : Dataset.HashOf(string.Concat(Parts.Select(p => p.Sha256)));

    /// <summary>Whether it is the same delivery: the same name with the same content.</summary>
    internal bool IsOf(DatasetDrop other) => (Drop, ETag) == (other.Drop, other.ETag);

    /// <summary>The order of <see cref="DropBlob.CameBefore"/>.</summary>
    internal bool CameBefore(DatasetDrop other) =>
        ArrivedAt != other.ArrivedAt ? ArrivedAt < other.ArrivedAt : string.CompareOrdinal(Drop, other.Drop) < 0;
}

/// <summary>A file of a drop in a dataset; of a union its content is <c>{family}/{portfolio}/parts/{sha256}</c>.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Sha256">SHA-256 (hex) of its content.</param>
/// <param name="Bytes">Its size.</param>
public sealed record DatasetPart(string Name, string Sha256, long Bytes)
{
    /// <summary>Its rows; absent when nobody counted them.</summary>
    public int? Rows { get; init; }

    /// <summary>SHA-256 (hex) of the content that it took the place of when somebody's rows were erased from it.</summary>
    public string? ErasedFrom { get; init; }
}
