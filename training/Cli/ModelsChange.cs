using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Cli;

/// <summary>The verbs that change which version is live. Where the contract asks for approval, a change of one person is a proposal.</summary>
internal static class ModelsChange
{
    public static Command Promote(Terminal terminal) => Verb(terminal, "promote", "Make a version live; where the contract asks for approval, propose it.", Version(), reasoned: false,
        (changes, request, version, cancel) => changes.PromoteAsync(request, version!, cancel));

    public static Command Rollback(Terminal terminal)
    {
        var to = Cli.Verb.Optional("--to", "Version; else the one that was live before.");
        return Verb(terminal, "rollback", "Make an earlier version live again and pause promotion until it is released.", to, reasoned: true,
            (changes, request, version, cancel) => changes.RollbackAsync(request, version, cancel));
    }

    public static Command Pin(Terminal terminal) => Verb(terminal, "pin", "Keep the live version: pause promotion until it is released.", Version(optional: true), reasoned: true,
        (changes, request, version, cancel) => changes.PinAsync(request, version, cancel));

    public static Command Release(Terminal terminal) => Verb(terminal, "release", "End the pause of promotion.", null, reasoned: false,
        (changes, request, _, cancel) => changes.ReleaseAsync(request, cancel));

    public static Command Approve(Terminal terminal) => Verb(terminal, "approve", "Let a version that waits go live; its proposer cannot.", Version(), reasoned: false,
        (changes, request, version, cancel) => changes.ApproveAsync(request, version!, cancel));

    public static Command Reject(Terminal terminal) => Verb(terminal, "reject", "Drop what waits for approval.", Version(), reasoned: false,
        (changes, request, version, cancel) => changes.RejectAsync(request, version!, cancel));

    private static Argument<string?> Version(bool optional = false) => new("VERSION")
    {
        Description = optional ? "The version that must be live; else whichever is." : "Version.",
        Arity = optional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    private static Command Verb(
        Terminal terminal, string name, string description, Symbol? version, bool reasoned, Func<ModelChanges, ChangeRequest, string?, CancellationToken, Task<Outcome<ModelChange>>> change)
    {
        var family = new Argument<string>("FAMILY") { Description = "Family, such as credit or text." };
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var actor = Cli.Verb.Required("--actor", "Who does it; is recorded.");
        var reason = new Option<string?>("--reason") { Description = "Why; is recorded.", Required = reasoned };
        var command = new Command(name, description) { family, portfolio, actor, reason };
        if (version is Argument argument) command.Arguments.Add(argument);
        if (version is Option option) command.Options.Add(option);
        return command.Runs(terminal, (parsed, cancel) => Storage.UseAsync(terminal, async stores =>
        {
            var request = new ChangeRequest(parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(actor), parsed.GetValue(reason));
            var named = version switch { Argument<string?> a => parsed.GetValue(a), Option<string?> o => parsed.GetValue(o), _ => null };
            var changed = await change(stores.GetRequiredService<ModelChanges>(), request, named, cancel);
            return changed.Then<Answer>(done => new Answer(
                new JsonObject { ["outcome"] = done.Waits ? "waits" : "done", ["state"] = JsonSerializer.SerializeToNode(done.State, Json.Options) },
                string.Join('\n', PortfolioText.Of(done.State, request.Family, request.Portfolio))));
        }));
    }
}
