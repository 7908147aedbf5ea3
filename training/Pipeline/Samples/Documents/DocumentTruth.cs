using Serverless.Serving.Documents;

namespace Serverless.Training.Samples;

/// <summary>What is on a generated document.</summary>
/// <param name="File">Its picture, beside <c>truth.json</c>.</param>
/// <param name="Type">Payslip, statement, receipt, identity or form.</param>
/// <param name="Width">Of the picture, in pixels.</param>
/// <param name="Height">Of the picture, in pixels.</param>
/// <param name="Lines">Its text in reading order, each with where it stands; what stands further apart than the text is high is two lines.</param>
/// <param name="Fields">Its key fields; of identity pages and forms none.</param>
public sealed record DocumentTruth(string File, PaperKind Type, int Width, int Height, IReadOnlyList<TruthLine> Lines, IReadOnlyDictionary<KeyFieldName, TruthField> Fields);

/// <summary>A line that was printed.</summary>
/// <param name="Text">As printed.</param>
/// <param name="Box">Its corners in the picture.</param>
public sealed record TruthLine(string Text, PageBox Box);

/// <summary>The value of a field.</summary>
/// <param name="Value">As printed; of an amount the number without its currency.</param>
/// <param name="Normalised">In the form that <see cref="KeyField.Normalised"/> has.</param>
/// <param name="Box">The box around it.</param>
public sealed record TruthField(string Value, string Normalised, PageBox Box);
