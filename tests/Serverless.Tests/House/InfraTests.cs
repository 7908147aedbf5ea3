using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.House;

/// <summary>infra/ and the code say the same: settings, roles, containers, queues, events, metrics. Each comparison is shown to fail.</summary>
public partial class InfraTests
{
    private const string Why = "The Bicep compiler's package is the one for Linux.";

    private static readonly string[] Training = ["RetrainOnDrop", "ReconcileDrops", "ExpireDrops", "GatherFeedback", "RefreshMarket", "PromoteModel", "RollbackModel", "ApproveModel"]; // what the slim build leaves out

    /// <summary>Read by the code and set by the Functions host or the platform; and what switches any function off, which is compared below.</summary>
    private static readonly string[] ByThePlatform = ["FUNCTIONS_CUSTOMHANDLER_PORT", "WEBSITE_AUTH_ENABLED", "$\"AzureWebJobs.{name}.Disabled\"", "$\"AzureWebJobs_{name}_Disabled\""];

    /// <summary>Set for the Functions host or the platform only.</summary>
    private static readonly string[] ForThePlatform = ["WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED"];

    private static readonly ScriptRoot Root = ScriptRoot.Read(AppContext.BaseDirectory, new ConfigurationBuilder().Build());
    private static readonly IReadOnlyList<Function> Functions = AllFunctions();

    [Fact(Skip = Why, SkipUnless = nameof(Deployment.IsCompilable), SkipType = typeof(Deployment))]
    public void Bicep_compiles_and_lints_without_a_word()
    {
        foreach (var file in new[] { "main.bicep", "subscriptions.bicep" })
            Assert.Equal((0, ""), Deployment.Run(Path.Combine(Repository.Root, "infra"), "lint", file));
        Assert.Equal(0, Deployment.Run(Path.Combine(Repository.Root, "infra"), "build-params", "main.bicepparam", "--stdout").ExitCode);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("infra/README.md")]
    public void Guides_name_every_scope(string guide) =>
        Assert.All(typeof(Scopes).GetFields().Select(f => (string)f.GetRawConstantValue()!), scope => Assert.Contains($"`{scope}`", Repository.Read(guide), StringComparison.Ordinal));

    [Fact(Skip = Why, SkipUnless = nameof(Deployment.IsCompilable), SkipType = typeof(Deployment))]
    public void Infrastructure_and_code_agree() => Assert.Empty(Differences(Deployment.Read()));

    [Fact(Skip = Why, SkipUnless = nameof(Deployment.IsCompilable), SkipType = typeof(Deployment))]
    public void With_every_option_on_they_still_agree()
    {
        var infra = Deployment.With(
            ("HOSTING_MODEL", "dotnet-isolated"), ("ENTRA_CLIENT_ID", Guid.Empty.ToString()), ("ALLOWED_ORIGINS", "[\"https://chat.example\"]"),
            ("COLLECTOR_ENDPOINT", "https://collector.example"), ("ALWAYS_READY", "1"), ("ANCHORS_LOCKED", "true"));
        Assert.Empty(Differences(infra));
        Assert.All(infra.Settings.Values, settings => Assert.Contains("WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", settings));
        Assert.All(Deployment.Read().Settings.Values, settings => Assert.DoesNotContain("WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", settings));
    }

    [Theory(Skip = Why, SkipUnless = nameof(Deployment.IsCompilable), SkipType = typeof(Deployment))]
    [InlineData("dev")]
    [InlineData("My-bank-test")]
    [InlineData("twelveletter")]
    public void Storage_accounts_have_names_that_Azure_takes_whatever_the_environment_is_called(string environment)
    {
        var accounts = Deployment.With(("AZURE_ENV_NAME", environment)).Accounts;
        Assert.Equal(3, accounts.Distinct().Count());
        Assert.All(accounts, account => Assert.Matches("^[a-z0-9]{3,24}$", account));
    }

    [Theory(Skip = Why, SkipUnless = nameof(Deployment.IsCompilable), SkipType = typeof(Deployment))]
    [InlineData("DataStorage__queueServiceUri", "DataStorage__queueUri", "serving: setting queueServiceUri is read and not emitted", "serving: setting DataStorage__queueUri is emitted and not read")]
    [InlineData("OTEL_SERVICE_NAME", "OTEL_SERVICE", "serving: setting OTEL_SERVICE_NAME is read and not emitted", "serving: setting OTEL_SERVICE is emitted and not read")]
    [InlineData("Http__RateLimits__ClassifyText", "Http__RateLimits__Classify", "serving: setting Http__RateLimits__ClassifyText is read and not emitted")]
    [InlineData("Retraining__MissedAfter", "Retraining__Missed", "retraining: setting Retraining__MissedAfter is read and not emitted", "retraining: setting Retraining__Missed is emitted and not read")]
    [InlineData("/loan-decisions\"", "/decisions\"", "queue loan-decisions is used and not there", "queue decisions is there and not used")]
    [InlineData("default/outcomes\"", "default/outcome\"", "container outcomes is used and not there", "container outcome is there and not used")]
    [InlineData("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "serving: models: Storage Blob Data Reader is needed and not assigned", "serving: models: Storage Blob Data Contributor is assigned and not needed")]
    [InlineData("\"function\": \"RetrainOnDrop\"", "\"function\": \"Retrain\"", "events: drops RetrainOnDrop is triggered and not subscribed")]
    [InlineData("AzureWebJobs_HandlePoison_Disabled", "AzureWebJobs_Poison_Disabled", "retraining: setting AzureWebJobs_Poison_Disabled switches nothing off")]
    [InlineData("serverless.drops.oldest_age", "serverless.drops.age", "alert: no metric serverless.drops.age")]
    public void What_is_renamed_on_one_side_only_is_found_by_name(string change, string to, params string[] expected)
    {
        var differences = Differences(Deployment.Read(change, to));
        foreach (var difference in expected) Assert.Contains(difference, differences);
    }

    [Fact(Skip = Why, SkipUnless = nameof(Deployment.IsCompilable), SkipType = typeof(Deployment))]
    public void Roles_on_whole_accounts_are_the_hosts_own_and_to_send_telemetry()
    {
        string[] host = ["Storage Blob Data Owner", "Storage Queue Data Contributor", "Storage Table Data Contributor"];
        var expected = new[] { "serving", "retraining" }.SelectMany(who => host.Select(role => $"{who}: Microsoft.Storage/storageAccounts: {role}").Append($"{who}: Microsoft.Insights/components: Monitoring Metrics Publisher"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Deployment.Read().AccountRoles.Order(StringComparer.Ordinal));
    }

    [Fact(Skip = Why, SkipUnless = nameof(Deployment.IsCompilable), SkipType = typeof(Deployment))]
    public void Hooks_are_what_a_shell_can_read()
    {
        foreach (var hook in Repository.Files("infra/hooks"))
        {
            using var shell = Process.Start("sh", ["-n", Path.Combine(Repository.Root, hook)]);
            shell.WaitForExit();
            Assert.True(shell.ExitCode == 0, $"{hook} has a fault of syntax: try sh -n {hook}");
        }
    }

    [Fact]
    public void No_secret_is_in_any_file_of_infra()
    {
        foreach (var path in Repository.Files("infra").Where(p => !p.Contains("/local/", StringComparison.Ordinal)))
        {
            var text = Repository.Read(path);
            Assert.DoesNotMatch("AccountKey=|SharedAccessKey|listConnectionStrings|password", text);
            if (text.Contains("listKeys", StringComparison.Ordinal)) Assert.Equal("infra/subscriptions.bicep", path); // read and used within the deployment
        }
    }

    private static IReadOnlyList<string> Differences(Deployment infra)
    {
        var sources = Repository.Sources("functions", "training").Select(Repository.Read).ToList();
        var keys = CodeSettings.Keys(sources).Except(ByThePlatform).ToList();
        Assert.Equal(["Embedded", "Http", "Retention", "Retention", "Retraining"], CodeSettings.Sections(sources).Select(s => s.Section).Where(s => !s.StartsWith("extensions", StringComparison.Ordinal)).Order());
        return
        [
            .. infra.Settings.SelectMany(app => Settings(app.Key, app.Value, keys)),
            .. Both("container", "used", StorageAccount.Containers, "there", infra.Containers),
            .. Both("queue", "used", StorageAccount.QueueNames, "there", infra.Queues),
            .. infra.Settings.SelectMany(app => Both("", "needed", Needed(app.Key, app.Value), "assigned", infra.Roles.Where(r => r.StartsWith(app.Key, StringComparison.Ordinal)))),
            .. Both("events:", "triggered", Root.Functions.Where(f => f.Trigger.Type == "blobTrigger").Select(f => $"{f.Trigger.Container} {f.Name}"), "subscribed", infra.EventContainers),
            .. infra.Queries.SelectMany(q => Metric().Matches(q)).Select(m => m.Value).Where(m => !sources.Any(s => s.Contains($"\"{m}\"", StringComparison.Ordinal))).Select(m => $"alert: no metric {m}"),
        ];
    }

    private static IEnumerable<string> Settings(string app, IReadOnlyList<string> emitted, IReadOnlyList<string> keys)
    {
        // A connection is read by its parts, under either of two names.
        string[] connections = [StorageAccount.DataSetting + "__", StorageAccount.Setting + "__"];
        var parts = keys.Where(k => char.IsLower(k[0])).ToList();
        foreach (var part in parts.Where(p => !connections.Any(c => emitted.Contains(c + p)))) yield return $"{app}: setting {part} is read and not emitted";

        var named = Enabled(app, emitted).OfType<Function.OnHttp>().Select(f => $"Http__{nameof(HttpSettings.RateLimits)}__{f.Name}")
            .Concat(app == "retraining" ? typeof(RetrainingOptions).GetProperties().Where(p => p.CanWrite).Select(p => $"Retraining__{p.Name}") : [])
            .Concat((app == "retraining" ? typeof(DropRetentionDays) : typeof(DecisionRetentionDays)).GetProperties().Where(p => p.CanWrite).Select(p => $"Retention__{p.Name}"))
            .Concat(keys.Where(k => k.Length > 3 && k.All(c => char.IsUpper(c) || c == '_')))
            .ToList();
        foreach (var name in named.Except(emitted)) yield return $"{app}: setting {name} is read and not emitted";
        foreach (var name in emitted.Except(named).Except(ForThePlatform))
        {
            if (Disabled().Match(name) is { Success: true } off)
            {
                if (!Functions.Any(f => f.Name == off.Groups[1].Value)) yield return $"{app}: setting {name} switches nothing off";
            }
            else if (!connections.Any(c => name.StartsWith(c, StringComparison.Ordinal) && parts.Contains(name[c.Length..])))
            {
                yield return $"{app}: setting {name} is emitted and not read";
            }
        }
    }

    private static IEnumerable<string> Needed(string app, IReadOnlyList<string> emitted) =>
        StorageNeed.Union(Enabled(app, emitted).SelectMany(f => f.Needs)).SelectMany(n => n.Roles.Select(role => $"{app}: {n.Name}: {role}"));

    private static IEnumerable<Function> Enabled(string app, IReadOnlyList<string> emitted) =>
        Functions.Where(f => !emitted.Contains($"AzureWebJobs_{f.Name}_Disabled") && !(app == "serving" && Training.Contains(f.Name)));

    private static IEnumerable<string> Both(string what, string left, IEnumerable<string> code, string right, IEnumerable<string> infra)
    {
        var (ours, theirs) = (code.ToList(), infra.ToList());
        return [.. ours.Except(theirs).Select(n => $"{what} {n} is {left} and not {right}".Trim()), .. theirs.Except(ours).Select(n => $"{what} {n} is {right} and not {left}".Trim())];
    }

    private static IReadOnlyList<Function> AllFunctions()
    {
        var builder = FunctionApp.CreateBuilder([]);
        builder.Services.AddFunctions();
        return [.. FunctionApp.Build(builder, StorageAccount.Open("UseDevelopmentStorage=true"), Root, 0).Services.GetServices<Function>()];
    }

    [GeneratedRegex(@"serverless\.[a-z_.]+")]
    private static partial Regex Metric();

    [GeneratedRegex("^AzureWebJobs_([A-Za-z]+)_Disabled$")]
    private static partial Regex Disabled();
}
