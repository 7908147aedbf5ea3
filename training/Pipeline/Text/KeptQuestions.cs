using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Draws the training questions that a model keeps where its contract asks for it.</summary>
internal static class KeptQuestions
{
    /// <summary>The file of them; nothing where the contract does not ask for it.</summary>
    /// <param name="drop">The contract, and the names of the intents.</param>
    /// <param name="fittedOn">Rows that the served model was fitted on.</param>
    public static IEnumerable<KeyValuePair<string, byte[]>> File(TextRows drop, IReadOnlyList<TextRow> fittedOn) =>
        drop.Contract.Similar is { } rules ? [KeyValuePair.Create(TrainingQuestion.FileName, Json.File(Draw(drop, fittedOn, rules.Questions)))] : [];

    /// <summary>
    /// Different questions in the order of the file. One of each intent in turn is taken while there are any, so that a rare intent is not
    /// drowned by a frequent one; the seed decides which.
    /// </summary>
    internal static IReadOnlyList<TrainingQuestion> Draw(TextRows drop, IReadOnlyList<TextRow> fittedOn, int most)
    {
        TextRow[] different = [.. fittedOn.DistinctBy(r => (r.Text, r.Class))];
        int[] order = [.. Enumerable.Range(0, different.Length)];
        new Random(drop.Contract.Training.Seed).Shuffle(order);
        var taken = new int[drop.Intents.Count];
        return
        [
            .. order.Select(place => (Place: place, Turn: taken[different[place].Class]++)).OrderBy(q => q.Turn).Take(most).Select(q => q.Place).Order()
                .Select(place => new TrainingQuestion(different[place].Text, drop.Intents[different[place].Class])),
        ];
    }
}
