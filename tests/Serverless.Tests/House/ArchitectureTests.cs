using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests.House;

public partial class ArchitectureTests
{
    [Theory]
    [InlineData("functions/Serving/Serverless.Serving.csproj", "")]
    [InlineData("training/Pipeline/Serverless.Training.csproj", "Serverless.Serving")]
    [InlineData("training/Cli/Serverless.Cli.csproj", "Serverless.Training")]
    [InlineData("functions/App/Serverless.Functions.csproj", "Serverless.Serving Serverless.Training")]
    [InlineData("functions/Worker/Serverless.Functions.Worker.csproj", "Serverless.Serving Serverless.Training")]
    public void Projects_reference_one_way(string project, string expected)
    {
        var references = XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).Order();
        Assert.Equal(expected, string.Join(' ', references));
    }

    [Fact]
    public void Serving_uses_no_trainer()
    {
        var used = typeof(ModelBundle).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.DoesNotContain(used, name => name.StartsWith("Serverless", StringComparison.Ordinal));
        Assert.DoesNotContain(used, name => name is "Microsoft.ML.Core" or "Microsoft.ML.Data" or "TorchSharp" or "LightGBM");
        Assert.DoesNotContain(typeof(RowKeys).Assembly.GetReferencedAssemblies(), a => a.Name is "Serverless.Functions" or "serverless");
    }

    [Fact]
    public void Families_have_the_same_roles_on_both_sides()
    {
        foreach (var family in new[] { "Credit", "Text", "Documents" })
        {
            foreach (var role in new[] { "Contract", "Features", "Scorer" })
                Assert.True(File.Exists(Path.Combine(Repository.Root, "functions/Serving", family, role + ".cs")), $"{family} lacks {role} in Serving");
            foreach (var role in new[] { "Trainer", "Evaluation", "Card" })
                Assert.True(File.Exists(Path.Combine(Repository.Root, "training/Pipeline", family, role + ".cs")), $"{family} lacks {role} in Training");
        }
    }

    [Fact]
    public void Folders_are_named_for_what_they_are_for() =>
        Assert.DoesNotContain(Repository.Sources("functions", "training"), path => VagueFolder().IsMatch(path));

    [Fact]
    public void Triggers_only_translate()
    {
        foreach (var path in Repository.Sources("functions/App/Triggers"))
            Assert.True(Repository.Read(path).Split('\n').Length <= 41, $"{path} has more than 40 lines");
    }

    [Theory]
    [InlineData("functions/Serving/Serverless.Serving.csproj")]
    [InlineData("training/Pipeline/Serverless.Training.csproj")]
    public void Libraries_ban_the_clock_and_chance(string project)
    {
        Assert.Contains("BannedSymbols.txt", Repository.Read(project), StringComparison.Ordinal);
        Assert.Contains("P:System.DateTimeOffset.UtcNow", Repository.Read("BannedSymbols.txt"), StringComparison.Ordinal);
        Assert.Contains("M:System.Random.#ctor;", Repository.Read("BannedSymbols.txt"), StringComparison.Ordinal);
    }

    [GeneratedRegex("/(Services|Helpers|Managers|Utils|Common)/")]
    private static partial Regex VagueFolder();
}
