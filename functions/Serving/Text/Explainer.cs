using System.Globalization;

namespace Serverless.Serving.Text;

/// <summary>
/// Tells which words of a text decided its best intent against its second best. It asks the served graph itself, whose log-probabilities differ as
/// its scores do: what a feature of the linear part weighs is what a text of that feature alone has more than an empty one, and what a word is
/// to the network or to the encoder is what its blank takes away (occlusion, Zeiler and Fergus 2014). Each part is asked with the others empty.
/// </summary>
/// <param name="vectorizer">Knows the n-grams.</param>
/// <param name="words">Knows the words of the network; null without one.</param>
/// <param name="intents">The classes.</param>
/// <param name="run">Runs the graph on texts of one feature at most, on their words, a row each, where there is a network, and on their vectors where there is an encoder.</param>
internal sealed class Explainer(
    Vectorizer vectorizer, WordReader? words, IReadOnlyList<string> intents, Action<IReadOnlyList<TextVector>, WordBatch?, IReadOnlyList<float[]>?, TextClassifier.AnswerOf> run)
{
    /// <summary>Reads texts for the part that is fitted on its vectors; null without one.</summary>
    public TextEncoder? Encoder { get; init; }

    /// <summary>Most words of a text: the network reads all of them once for each.</summary>
    public const int MostWords = 128;

    private const int MostCharacters = 3;

    // Words, those of all texts together, of one run of the graph: what the network finds at each stays within some megabytes.
    private const int RunWords = 2048;

    private static readonly TextVector Empty = new([], []);

    /// <summary>The end of a sentence that begins with which text it is; null when the text can be explained.</summary>
    public static string? Fault(string text)
    {
        var found = new List<string>();
        NGrams.Words(text, found);
        return found.Count <= MostWords ? null
            : string.Create(CultureInfo.InvariantCulture, $"has {found.Count} words, and {MostWords} can be explained: shorten it, or ask without an explanation.");
    }

    /// <summary>Explains an answer.</summary>
    /// <param name="text">The text that was classified.</param>
    /// <param name="probabilities">What the graph said of it.</param>
    /// <param name="cancel">Stops it behind a run of the graph.</param>
    public TextExplanation Explain(string text, float[] probabilities, CancellationToken cancel)
    {
        var nothing = Encoder?.Encode([""], cancel)[0];
        int[] best = [.. Enumerable.Range(0, intents.Count).OrderByDescending(i => probabilities[i]).Take(2)];
        var normal = NGrams.Normal(text);
        var (places, grams) = NGrams.Places(normal, vectorizer.Bits);
        var (bias, weights) = Weigh(vectorizer.Of(text), nothing, best, cancel);
        var (linear, characters) = Share(normal, places, grams, weights);
        var network = Blank(text, places.Count, nothing, best, cancel);
        var origins = TextOrigins.Of(text, normal);
        var encoder = Leave(text, [.. places.Select(place => (origins[place.Start].Start, origins[place.End - 1].End))], best, cancel);
        var explained = places.Select((place, i) =>
        {
            var (start, end) = (origins[place.Start].Start, origins[place.End - 1].End);
            var most = characters[i].OrderByDescending(c => Math.Abs(c.Value)).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostCharacters);
            return new ExplainedWord(start, end - start, text[start..end], linear[i], network[i], [.. most.Select(c => new ExplainedCharacters(c.Key, c.Value))]) { Encoder = encoder[i] };
        }).ToList();
        var logOdds = LogOdds(probabilities, best);
        return new(text, intents[best[0]], intents[best[1]], logOdds, bias, logOdds - bias - explained.Sum(w => w.Total), explained);
    }

    // Asked with weight 1 each and weighed here: the rounding of a probability then counts as little as the feature does.
    private (double Bias, Dictionary<int, double> Weights) Weigh(TextVector text, float[]? nothing, int[] best, CancellationToken cancel)
    {
        var scores = new List<double>(text.Ids.Length + 1);
        foreach (var rows in text.Ids.Select(id => new TextVector([id], [1])).Prepend(Empty).Chunk(RunWords))
            scores.AddRange(Ask(rows, words is null ? null : WordBatch.Of([.. rows.Select(_ => "")], words), nothing is null ? null : [.. rows.Select(_ => nothing)], best, cancel));
        return (scores[0], text.Ids.Index().ToDictionary(f => f.Item, f => text.Weights[f.Index] * (scores[f.Index + 1] - scores[0])));
    }

    // What a feature adds goes in equal shares to the places where the text has it; slots of the hash table may have several n-grams.
    private (double[] Linear, Dictionary<string, double>[] Characters) Share(string normal, List<(int Start, int End)> places, List<PlacedGram> grams, Dictionary<int, double> weights)
    {
        var wordAt = new int[normal.Length];
        Array.Fill(wordAt, -1);
        for (var i = 0; i < places.Count; i++) wordAt.AsSpan(places[i].Start, places[i].End - places[i].Start).Fill(i);
        var known = grams.Where(g => weights.ContainsKey(vectorizer.FeatureOf(g.Slot))).ToList();
        var count = known.CountBy(g => vectorizer.FeatureOf(g.Slot)).ToDictionary();
        var linear = new double[places.Count];
        var characters = Array.ConvertAll(linear, _ => new Dictionary<string, double>(StringComparer.Ordinal));
        foreach (var gram in known)
        {
            var feature = vectorizer.FeatureOf(gram.Slot);
            var each = weights[feature] / count[feature];
            if (!gram.OfCharacters)
            {
                linear[wordAt[gram.Start]] += each / 2;
                linear[wordAt[gram.End - 1]] += each / 2;
                continue;
            }

            var units = Enumerable.Range(gram.Start, gram.End - gram.Start).ToArray();
            var within = Array.FindAll(units, at => at >= 0 && at < normal.Length && wordAt[at] >= 0);
            var written = string.Concat(units.Select(at => within.Contains(at) ? normal[at] : ' '));
            foreach (var (word, share) in within.CountBy(at => wordAt[at]))
            {
                var part = each * share / within.Length;
                linear[word] += part;
                // Half a character is no text; what it adds counts in the word's sum alone.
                if (!char.IsLowSurrogate(written[0]) && !char.IsHighSurrogate(written[^1])) characters[word][written] = characters[word].GetValueOrDefault(written) + part;
            }
        }

        return (linear, characters);
    }

    private double[] Blank(string text, int count, float[]? nothing, int[] best, CancellationToken cancel)
    {
        var effects = new double[count];
        if (words is null) return effects;
        var batch = WordBatch.Of([text], words);
        int[] seen = [.. Enumerable.Range(0, count).Where(i => batch.Words[WordBatch.Before + i] != 0)]; // a word without a known piece is blank
        if (seen.Length == 0) return effects;
        var scores = new List<double>(seen.Length + 1);
        foreach (var rows in seen.Prepend(-1).Chunk(Math.Max(1, RunWords / batch.Length)))
            scores.AddRange(Ask([.. rows.Select(_ => Empty)], batch.Blanked(rows), nothing is null ? null : [.. rows.Select(_ => nothing)], best, cancel));
        for (var i = 0; i < seen.Length; i++) effects[seen[i]] = scores[0] - scores[i + 1];
        return effects;
    }

    // A space stands where the word stood, so that its neighbours stay words of their own.
    private double[] Leave(string text, (int Start, int End)[] places, int[] best, CancellationToken cancel)
    {
        var effects = new double[places.Length];
        if (Encoder is null || places.Length == 0) return effects;
        var vectors = Encoder.Encode([text, .. places.Select(place => $"{text[..place.Start]} {text[place.End..]}")], cancel);
        var rows = Array.ConvertAll(vectors, _ => Empty);
        var scores = Ask(rows, words is null ? null : WordBatch.Of([.. rows.Select(_ => "")], words), vectors, best, cancel);
        for (var i = 0; i < effects.Length; i++) effects[i] = scores[0] - scores[i + 1];
        return effects;
    }

    private double[] Ask(TextVector[] rows, WordBatch? batch, IReadOnlyList<float[]>? encodings, int[] best, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var scores = new double[rows.Length];
        run(rows, batch, encodings, (place, _, probabilities) => scores[place] = LogOdds(probabilities, best));
        return scores;
    }

    // A probability that is no number above 0 any more counts as the least that is one.
    private static double LogOdds(ReadOnlySpan<float> probabilities, int[] best) =>
        Math.Log(Math.Max(probabilities[best[0]], float.Epsilon)) - Math.Log(Math.Max(probabilities[best[1]], float.Epsilon));
}
