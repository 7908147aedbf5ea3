using Serverless.Serving;
using Serverless.Training.Contracts;

namespace Serverless.Tests.Training.Contracts;

public class ContractVersionsTests
{
    [Theory]
    [InlineData("1", "2")]
    [InlineData("3", "5")]
    [InlineData("9", "10")]
    [InlineData("2026-09", "2026-10")]
    [InlineData("2026-06", "2026-07")]
    [InlineData("v1.9", "v1.10")]
    [InlineData("draft", "draft.2")]
    [InlineData("12345678901234567890", "12345678901234567891")]
    public void Next_version_counts_on_and_is_not_taken(string version, string next) => Assert.Equal(next, ContractVersions.Next(version, ["4"]));

    [Fact]
    public void Next_version_is_no_longer_than_a_version_may_be() => Assert.True(Names.ContractVersion.Allows(ContractVersions.Next(new string('v', 50), [])));
}
