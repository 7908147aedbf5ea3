namespace Serverless.Serving.Credit;

/// <summary>A past loan as a model keeps it, an entry of <c>cases.json</c>: nothing of what the applicant stated.</summary>
/// <param name="Row">Hash of its id, or of its row where the contract has no id: 16 hex digits, the first 64 bits of the SHA-256.</param>
/// <param name="Bad">Whether it became a bad loan.</param>
/// <param name="Code">What the network makes of the application: <see cref="Autoencoder.CodeLength"/> numbers.</param>
public sealed record PastCase(string Row, bool Bad, float[] Code);

/// <summary>A past loan that is near an application.</summary>
/// <param name="Row">Hash of its id, as in <see cref="PastCase"/>.</param>
/// <param name="Bad">Whether it became a bad loan.</param>
/// <param name="Distance">Euclidean distance of the two codes; 0 and above, in no unit.</param>
public sealed record SimilarCase(string Row, bool Bad, double Distance);
