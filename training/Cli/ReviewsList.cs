using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class ReviewsList
{
    public static Command Create(Terminal terminal)
    {
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var state = new Option<string>("--state") { Description = "How far they are.", DefaultValueFactory = _ => "open" }.AcceptOnlyFromAmong("open", "taken", "decided", "all");
        return new Command("list", "List the reviews of a portfolio, without anything of an applicant.") { portfolio, state }.Runs(terminal, async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(portfolio);
            if (!Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Portfolio.Fault);
            var wanted = Enum.TryParse<ReviewState>(parsed.GetValue(state), ignoreCase: true, out var one) ? one : (ReviewState?)null;
            return await Storage.UseAsync<Answer>(terminal, async stores => Describe(await AllAsync(stores.GetRequiredService<ReviewStore>(), named, wanted, cancel)));
        });
    }

    private static async Task<List<ReviewItem>> AllAsync(ReviewStore store, string portfolio, ReviewState? state, CancellationToken cancel)
    {
        List<ReviewItem> all = [];
        for (string? next = null; ;)
        {
            var page = await store.ListAsync(portfolio, state, ReviewStore.LargestPage, next, cancel);
            all.AddRange(page.Reviews);
            if ((next = page.Next) is null) return all;
        }
    }

    private static Answer Describe(List<ReviewItem> reviews) => new(
        new JsonObject { ["outcome"] = "done", ["reviews"] = JsonSerializer.SerializeToNode(reviews, Json.Options) },
        reviews.Count == 0 ? "There is no such review." : string.Join('\n', reviews.Select(r => string.Create(
            CultureInfo.InvariantCulture, $"{r.ApplicationId,-40} {r.State.ToString().ToLowerInvariant(),-8} opened {r.OpenedAt:yyyy-MM-dd HH:mm}{(r.Contested ? "  contested" : "")}"))));
}
