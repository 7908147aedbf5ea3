using System.Text.Json;

namespace Serverless.Serving.Credit;

/// <summary>A column that the applicant can change, and what to.</summary>
/// <param name="Column">The contract's column.</param>
/// <param name="Places">Columns of the model that it moves: itself, and those computed from it.</param>
/// <param name="Rules">Rules of the policy that look at it, after <see cref="PolicyRules.RulesOn"/>.</param>
/// <param name="Options">What it can change to, nearest first; one or more.</param>
internal sealed record Lever(Column Column, int[] Places, int[] Rules, IReadOnlyList<LeverOption> Options);

/// <summary>A value that a lever can change to: the nearest one that gives these bins and lets these rules of the policy fire.</summary>
/// <param name="Value">The value, as an application writes it.</param>
/// <param name="Distance">How far it is, after <see cref="LeverDistance"/>.</param>
/// <param name="Bins">The bin of each column of the model with it, everything else unchanged.</param>
internal sealed record LeverOption(JsonElement Value, double Distance, long[] Bins);
