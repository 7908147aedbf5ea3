using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text.Behaviour;

public class TextChangesTests
{
    // Of "my lost pin" only "lost" has four letters: each pair of neighbours swapped, and the first three letters left out or doubled.
    [Fact]
    public void Typing_errors_are_every_swap_loss_and_doubling_within_a_long_word_and_no_other() => Assert.Equal(
        Said("olst", "lsot", "lots", "ost", "lst", "lot", "llost", "loost", "losst"), All("my lost pin", Typo.In));

    [Fact]
    public void A_letter_keeps_its_marks_and_equal_neighbours_are_not_swapped()
    {
        Assert.Equal(Said("acfé", "cfaé", "caéf", "afé", "cfé", "caé", "ccafé", "caafé", "caffé"), All("my cafe\u0301 pin", Typo.In));
        Assert.Equal(Said("aaa", "aaaaa"), All("my aaaa pin", Typo.In));
    }

    [Theory]
    [InlineData("my pin is new")]
    [InlineData("我的卡丢了怎么办")]
    [InlineData("[card] [iban] [phone]")]
    [InlineData("4111 1111")]
    [InlineData("")]
    public void Text_without_a_long_word_has_no_typing_error(string text) => Assert.Equal([null], All(text, Typo.In));

    [Theory]
    [InlineData("My card", "my card", "MY CARD")]
    [InlineData("my card", "MY CARD", "My card")]
    [InlineData("MY CARD", "my card")]
    [InlineData("\"où est ma carte [card]\"", "\"OÙ EST MA CARTE [card]\"", "\"Où est ma carte [card]\"")]
    [InlineData("[card] gone", "[card] GONE")]
    [InlineData("карта", "КАРТА", "Карта")]
    public void Case_changes_where_it_can(string text, params string[] changed) => Assert.Equal(changed.Order(StringComparer.Ordinal), All(text, TextChanges.Case));

    [Theory]
    [InlineData("我的卡丢了。")]
    [InlineData("42 %")]
    [InlineData("[card]")]
    public void Case_of_what_has_none_is_no_change(string text) => Assert.Equal([null], All(text, TextChanges.Case));

    [Theory]
    [InlineData("Where is it?", "Where is it")]
    [InlineData("where is it", "where is it.")]
    [InlineData("gone!!! ", "gone")]
    [InlineData("hello, where, then, is it?", "hello where then is it")]
    [InlineData("1,000 or 1,5", "1,000 or 1,5.")]
    [InlineData("卡，丢了。", "卡丢了")]
    [InlineData("أين، بطاقتي؟", "أين بطاقتي")]
    [InlineData("?!", null)]
    public void Punctuation_changes_and_numbers_stay(string text, string? changed) => Assert.Equal(changed, TextChanges.Punctuation(text));

    [Fact]
    public void Greetings_are_put_around()
    {
        Assert.Equal(["Hi, my {x} pin", "my {x} pin Danke!"], All("my {x} pin", (text, random) => TextChanges.Greeting(text, ["Hi, {text}", "{text} Danke!"], random)));
        Assert.Equal([null], All("my pin", (text, random) => TextChanges.Greeting(text, [], random)));
        Assert.Equal([null], All("my pin", (text, random) => TextChanges.Greeting(text, ["{text}"], random)));
    }

    private static IEnumerable<string> Said(params string[] words) => words.Select(w => $"my {w.Replace("é", "e\u0301", StringComparison.Ordinal)} pin").Order(StringComparer.Ordinal);

    private static List<string?> All(string text, Func<string, Random, string?> change) =>
        [.. Enumerable.Range(0, 400).Select(seed => change(text, new Random(seed))).Distinct().Order(StringComparer.Ordinal)];
}
