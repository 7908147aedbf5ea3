using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text.Redactions;

public class RedactionFaultsTests
{
    [Theory]
    [InlineData("staff", "EMP[0-9", "The 'pattern' of 'redaction.recognisers', number 2, named 'staff', is no regular expression: Invalid pattern 'EMP[0-9' at offset 7. Unterminated [] set.")]
    [InlineData("staff", "(?<=EMP)[0-9]+", "The 'pattern' of 'redaction.recognisers', number 2, named 'staff', needs backtracking: write it without lookaround, back-references and atomic groups, and shorter where it repeats much.")]
    [InlineData("staff", "(?<a>[0-9])\\k<a>", "The 'pattern' of 'redaction.recognisers', number 2, named 'staff', needs backtracking: write it without lookaround, back-references and atomic groups, and shorter where it repeats much.")]
    [InlineData("staff", "[0-9]*", "The 'pattern' of 'redaction.recognisers', number 2, named 'staff', matches an empty text: write what every value must have.")]
    [InlineData("card", "C[0-9]", "'redaction.recognisers', number 2, has the 'name' of what is found without it, card: choose another.")]
    [InlineData("Staff", "E[0-9]", "'redaction.recognisers', number 2, has no good 'name': write 1 to 50 lower-case letters, digits and hyphens.")]
    public void Bad_recogniser_is_named(string name, string pattern, string fault) =>
        Assert.Equal([fault], RedactionFaults.Of(new() { Recognisers = [new() { Name = "member", Pattern = "M[0-9]{4}" }, new() { Name = name, Pattern = pattern }] }));

    [Fact]
    public void What_comes_with_the_program_is_good() => Assert.Empty(RedactionFaults.Of(new()));
}
