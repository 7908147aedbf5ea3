namespace Serverless.Serving.Text;

/// <summary>
/// What speaks for the best intent of a text against the second best, as log-odds: what each word adds, by every part of the classifier.
/// <see cref="Bias"/>, the words' totals and <see cref="Residual"/> add up to <see cref="LogOdds"/>.
/// </summary>
/// <param name="Text">The text as it was classified, without what was taken out; places of words are places in it.</param>
/// <param name="Of">The best intent; of an answer of none the one that came closest, of an ambiguous one the better of the two.</param>
/// <param name="Against">The second best.</param>
/// <param name="LogOdds">ln(probability of <paramref name="Of"/> / probability of <paramref name="Against"/>); 0 or more.</param>
/// <param name="Bias">What the log-odds are of a text without any word that the model knows.</param>
/// <param name="Residual">What network and encoder make of words together beyond what each adds alone; 0, but for rounding, without either.</param>
/// <param name="Words">Every word, in the order of the text; each character of a script without spaces is one.</param>
public sealed record TextExplanation(string Text, string Of, string Against, double LogOdds, double Bias, double Residual, IReadOnlyList<ExplainedWord> Words);

/// <summary>What a word adds to the log-odds; negative where it speaks for the second best.</summary>
/// <param name="Start">Its first UTF-16 unit in the text, from 0.</param>
/// <param name="Length">UTF-16 units of the text that it comes from; words that one character stands for, such as a ligature, all have the place of that character.</param>
/// <param name="Text">These units.</param>
/// <param name="Linear">
/// What the linear part has for its n-grams, exactly: the word's own, half of each pair with a neighbour, and of characters the share that lies in the word.
/// </param>
/// <param name="Network">By how much the network's log-odds fall when the word is blanked and all else stays; 0 without a network.</param>
/// <param name="Characters">The characters in a row within <paramref name="Linear"/> that count most, the strongest first; three at most.</param>
public sealed record ExplainedWord(int Start, int Length, string Text, double Linear, double Network, IReadOnlyList<ExplainedCharacters> Characters)
{
    /// <summary>By how much the encoder's log-odds fall when the word is taken out of the text and all else stays; 0 without an encoder.</summary>
    public double Encoder { get; init; }

    /// <summary>All parts together.</summary>
    public double Total => Linear + Network + Encoder;
}

/// <summary>Three to five characters in a row and what they add to a word.</summary>
/// <param name="Text">The characters as the model reads them: lower case, in normalisation form KC, a space for either end of a run of letters.</param>
/// <param name="Linear">Their part of the word's <see cref="ExplainedWord.Linear"/>.</param>
public sealed record ExplainedCharacters(string Text, double Linear);
