using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text.Behaviours;

public class BehaviourFaultsTests
{
    private static readonly TextContract Contract = new() { Family = "text", Portfolio = "example", Version = "1", TextColumn = "text", LabelColumn = "intent", OutOfScopeLabel = "other", MaxLength = 20 };

    [Theory]
    [InlineData(null, " ", "card", null, null, "The 'text' of 'behaviour.cases', number 2, is empty: write what the customer says.")]
    [InlineData("long", "a text of 21 letters.", "card", null, null, "The 'text' of 'behaviour.cases', number 2 'long', is longer than 20 characters: shorten it.")]
    [InlineData(null, "hi", "card", null, "", "The 'from' of 'behaviour.cases', number 2, is empty: write what the customer says.")]
    [InlineData(null, "hi", "card", "pin", null, "'behaviour.cases', number 2, has both 'intent' and 'not': write what its answer must be, or what it must not be.")]
    [InlineData(null, "hi", null, null, "hello", "'behaviour.cases', number 2, has 'from' without an intent: write the 'intent' whose probability must rise, or as 'not' the one whose must fall.")]
    [InlineData(null, "hi", "", null, null, "The 'intent' of 'behaviour.cases', number 2, is empty or has spaces around it: write the intent as it stands in the file.")]
    [InlineData(null, "hi", null, "pin ", null, "The 'not' of 'behaviour.cases', number 2, is empty or has spaces around it: write the intent as it stands in the file.")]
    [InlineData(null, "hi", "other", null, null, "The 'intent' of 'behaviour.cases', number 2, is the 'outOfScopeLabel', which is no intent: leave 'intent' and 'not' out where the answer must be none.")]
    [InlineData("", "hi", "card", null, null, "The 'name' of 'behaviour.cases', number 2 '', must have 1 to 100 characters.")]
    public void Bad_case_is_named(string? name, string text, string? intent, string? not, string? from, string fault) => Assert.Equal([fault], BehaviourFaults.Of(Contract with
    {
        Behaviour = new() { Cases = [new() { Text = "hi" }, new() { Name = name, Text = text, Intent = intent, Not = not, From = from }] },
    }));

    [Theory]
    [InlineData("Hi,")]
    [InlineData("{text} {text}")]
    [InlineData("Hi {name}, {text}")]
    public void Bad_greeting_is_named(string greeting) => Assert.Equal(
        ["'behaviour.greetings', number 2, must hold {text} once, where the customer's words stand, and no other braces, such as \"Hi, {text}\"."],
        BehaviourFaults.Of(Contract with { Behaviour = new() { Greetings = ["Hi, {text}", greeting] } }));

    [Theory]
    [InlineData("invarianceTypos", 0, "'gate.floors.invarianceTypos' needs texts to be measured on, and 'behaviour.texts' is 0: raise it, or remove the floor.")]
    [InlineData("invarianceGreetings", 10, "'gate.floors.invarianceGreetings' needs greetings, and 'behaviour.greetings' is empty: write some, or remove the floor.")]
    public void Floor_of_what_is_not_measured_is_named(string floor, int texts, string fault) => Assert.Equal([fault], BehaviourFaults.Of(Contract with
    {
        Gate = new() { Floors = new Dictionary<string, double> { [floor] = 0.9 } },
        Behaviour = new() { Texts = texts, Greetings = [] },
    }));

    [Fact]
    public void What_comes_with_the_program_is_good() => Assert.Empty(BehaviourFaults.Of(Contract));
}
