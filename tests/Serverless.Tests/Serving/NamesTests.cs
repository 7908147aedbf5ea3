using Serverless.Serving;

namespace Serverless.Tests.Serving;

public class NamesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("-a")]
    [InlineData("a\n")]
    [InlineData("A")]
    [InlineData("é")]
    [InlineData("a.b")]
    public void Portfolio_that_could_leave_its_folder_or_differ_by_case_is_refused(string name)
    {
        Assert.False(Names.Portfolio.Allows(name));
        Assert.Equal("portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first. (Parameter 'name')", Assert.Throws<ArgumentException>(() => Names.Portfolio.Check(name)).Message);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a/../b")]
    [InlineData("a b")]
    public void File_and_application_that_could_leave_their_folder_are_refused(string name)
    {
        Assert.False(Names.File.Allows(name));
        Assert.False(Names.ApplicationId.Allows(name));
    }

    [Fact]
    public void Names_are_allowed_up_to_their_length()
    {
        Assert.True(Names.Portfolio.Allows(new string('a', 50)));
        Assert.False(Names.Portfolio.Allows(new string('a', 51)));
        Assert.True(Names.ApplicationId.Allows($"A-1_2.{new string('z', 94)}"));
        Assert.False(Names.ApplicationId.Allows(new string('a', 101)));
    }
}
