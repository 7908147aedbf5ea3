namespace Serverless.Tests.Cli;

public sealed class UsageTests : IDisposable
{
    private readonly CliRun _cli = new();

    public static TheoryData<string> Verbs =>
    [
        "", "contract", "contract infer", "contract check", "contract bins", "contract activate", "train", "train credit", "train text", "evaluate", "score", "classify",
        "models", "models list", "models show", "models diff", "models promote", "models rollback", "models approve", "models reject", "models pin", "models release", "models export", "models import", "models keys",
        "decisions", "decisions show", "decisions notice", "reviews", "reviews list", "reviews show", "reviews take", "reviews decide", "drops", "drops upload", "drops list", "drops report", "drops retry", "subject", "subject export", "subject erase", "backup", "restore",
        "poison", "poison list", "poison show", "poison requeue", "poison discard", "sample", "sample loans", "sample customer-service", "sample market", "sample documents", "documents", "documents evaluate", "documents train-fields", "backtest", "tearsheet", "trials",
    ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_of_every_verb_is_on_standard_output(string verb)
    {
        var (exit, output, error) = await _cli.RunAsync([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, exit);
        Assert.Contains($"serverless {verb}".TrimEnd(), output, StringComparison.Ordinal);
        Assert.Contains("--json", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("", "Required command was not provided.", "serverless --help")]
    [InlineData("train", "Required command was not provided.", "serverless train --help")]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense'.", "serverless --help")]
    [InlineData("train credit --data missing.csv --out x", "Option '--contract' is required.", "serverless train credit --help")]
    [InlineData("sample loans --out x --rows 0", "--rows must lie between 1 and 10000000.", "serverless sample loans --help")]
    [InlineData("sample loans --out x --rows many", "Cannot parse argument 'many' for option '--rows' as expected type 'System.Int32'.", "serverless sample loans --help")]
    public async Task Bad_usage_ends_with_2_and_says_where_help_is(string line, string reason, string help)
    {
        var (exit, output, error) = await _cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, exit);
        Assert.Empty(output);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains($"See '{help}'.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_file_is_rejected_as_json_too()
    {
        var (exit, json) = await _cli.JsonAsync("evaluate", "--model", _cli.Folder, "--data", _cli.PathOf("absent.csv"));
        Assert.Equal(2, exit);
        Assert.Equal("rejected", (string?)json["outcome"]);
        Assert.Equal($"File or directory does not exist: '{_cli.PathOf("absent.csv")}'.", (string?)json["reasons"]![0]);
    }

    [Fact]
    public async Task Folder_without_a_model_is_rejected()
    {
        var (exit, _, error) = await _cli.RunAsync("evaluate", "--model", _cli.Folder, "--data", await _cli.WriteAsync("x.csv", "a\n1\n"));
        Assert.Equal(2, exit);
        Assert.Contains("holds no model (manifest.json is missing)", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models list")]
    [InlineData("models show credit loans")]
    [InlineData("decisions show loans A-1")]
    [InlineData("poison list")]
    [InlineData("backup --out x")]
    [InlineData("classify hello --portfolio messages")]
    public async Task Online_verb_without_storage_says_what_to_do(string line)
    {
        var (exit, _, error) = await _cli.RunAsync(line.Split(' '));
        Assert.Equal(2, exit);
        Assert.Equal("There is no storage: start the app (dotnet run --project functions/App), or set AzureWebJobsStorage to a connection string, or DataStorage__accountName to an account that you are signed in for.", error.Trim());
    }

    [Theory]
    [InlineData("classify hello", "Give the model: either --model DIR, or --portfolio for the live one.")]
    [InlineData("classify --portfolio messages", "Give either texts or --data FILE.")]
    [InlineData("classify hello --portfolio messages --top 0", "--top must be 1 or more.")]
    [InlineData("models show credit ../x", "portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.")]
    [InlineData("poison requeue", "Give either ids or --all.")]
    [InlineData("poison requeue 0123 --all", "Give either ids or --all.")]
    [InlineData("decisions show loans ../x", "applicationId must be 1 to 100 letters, digits, '-', '_' and '.', a letter or digit first.")]
    public async Task Options_that_do_not_fit_are_rejected(string line, string reason)
    {
        var (exit, _, error) = await _cli.RunAsync(line.Split(' '));
        Assert.Equal(2, exit);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
