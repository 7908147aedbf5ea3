using System.Text.RegularExpressions;
using Serverless.Cli;

namespace Serverless.Tests.House;

/// <summary>What README and docs claim about files, commands and routes.</summary>
public partial class DocsTests
{
    private static readonly string[] Pages = ["README.md", "docs/results.md"];

    [Fact]
    public void Tree_names_what_exists()
    {
        var tree = Block("## The tree");
        var folder = "";
        foreach (var line in tree.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith(' ')) folder = line.Split(' ')[0];
            foreach (var name in PathWord().Matches(line[..Math.Min(line.Length, 24)]).Select(m => m.Value))
            {
                var path = Path.Combine(Repository.Root, line.StartsWith(' ') ? folder + name : name);
                Assert.True(Path.Exists(path), $"README's tree names {name}, which is not at {path}");
            }
        }
    }

    [Fact]
    public void Commands_of_the_cli_parse()
    {
        var commands = Pages.SelectMany(page => CliCommand().Matches(Repository.Read(page))).Select(m => m.Groups[1].Value.Split('#')[0].Trim()).ToList();
        Assert.True(commands.Count >= 8);
        var root = CommandTree.Create(new Terminal(TextWriter.Null, TextWriter.Null, Interactive: false));
        foreach (var command in commands)
            Assert.DoesNotContain(root.Parse(command).Errors, e => !e.Message.Contains("does not exist", StringComparison.Ordinal)); // the reader's files
    }

    [Fact]
    public void First_screen_has_the_two_commands()
    {
        var first = string.Join('\n', Repository.Read("README.md").Split('\n').Take(35));
        Assert.Contains("dotnet run --project functions/App", first, StringComparison.Ordinal);
        Assert.Contains("dotnet test Serverless.sln", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_file_names_no_registry()
    {
        Assert.DoesNotContain("\"resolved\"", Repository.Read("infra/local/package-lock.json"), StringComparison.Ordinal);
        Assert.Contains("\"integrity\"", Repository.Read("infra/local/package-lock.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_that_show_a_promise_exist_and_run()
    {
        var named = TestClass().Matches(Repository.Read("README.md")).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.True(named.Count >= 20);
        var classes = typeof(DocsTests).Assembly.GetTypes().ToLookup(t => t.Name);
        foreach (var name in named)
        {
            var methods = Assert.Single(classes[name]).GetMethods();
            Assert.Contains(methods, m => m.GetCustomAttributes(typeof(FactAttribute), inherit: true) is [FactAttribute { Skip: null }, ..]);
        }
    }

    private static string Block(string heading) => Repository.Read("README.md").Split(heading)[1].Split("```")[1];

    [GeneratedRegex(@"[A-Za-z.]+(?:/[A-Za-z.]*)+|host\.json")]
    private static partial Regex PathWord();

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"dotnet run (?:-c Release )?--project training/Cli -- ([^\n`]+)")]
    private static partial Regex CliCommand();
}
