using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text.Networks;

public class CharacterNoiseTests
{
    // Of "my lost pin" only "lost" has four letters; beside l is k, beside o are i and p, beside s are a and d.
    [Fact]
    public void Errors_are_every_swap_loss_doubling_and_key_beside_within_a_long_word() => Assert.Equal(
        Said("olst", "lsot", "lots", "ost", "lst", "lot", "llost", "loost", "losst", "kost", "list", "lpst", "loat", "lodt"), All("my lost pin"));

    // Q is at the end of its row: beside it is w alone. A letter that stands in no row is left out instead.
    [Fact]
    public void Keys_beside_are_those_of_the_row_in_every_script_that_has_one()
    {
        Assert.Equal(Sorted("uqad", "qaud", "quda", "uad", "qad", "qud", "qquad", "quuad", "quaad", "wuad", "qyad", "qiad", "qusd"), All("quad"));
        Assert.Equal(Sorted("лпат", "палт", "плта", "лат", "пат", "плт", "пплат", "пллат", "плаат", "алат", "рлат", "поат", "пдат", "плвт", "плпт"), All("плат"));
        Assert.Equal(Sorted("βαγδ", "αγβδ", "αβδγ", "βγδ", "αγδ", "αβδ", "ααβγδ", "αββγδ", "αβγγδ"), All("αβγδ"));
    }

    [Theory]
    [InlineData("my pin is new")]
    [InlineData("我的卡丢了怎么办")]
    [InlineData("[card] [iban] [phone]")]
    [InlineData("4111 1111")]
    [InlineData("")]
    public void Text_without_a_long_word_stays(string text) => Assert.Equal([text], All(text));

    [Fact]
    public void Share_is_that_of_the_words_and_every_word_has_one_error()
    {
        var text = string.Join(' ', Enumerable.Repeat("abcdefgh", 4000)); // no two letters alike: each error shows
        var words = CharacterNoise.In(text, 0.3, new Random(1)).Split(' ');
        Assert.Equal(4000, words.Length);
        Assert.InRange(words.Count(w => w != "abcdefgh"), 1100, 1300);
        Assert.All(words, w => Assert.InRange(w.Length, 7, 9));
        Assert.Equal(text, CharacterNoise.In(text, 0, null!)); // nothing is drawn
    }

    private static List<string> Said(params string[] words) => Sorted([.. words.Select(w => $"my {w} pin")]);

    private static List<string> Sorted(params string[] words) => [.. words.Order(StringComparer.Ordinal)];

    private static List<string> All(string text) =>
        [.. Enumerable.Range(0, 600).Select(seed => CharacterNoise.In(text, 1, new Random(seed))).Distinct().Order(StringComparer.Ordinal)];
}
