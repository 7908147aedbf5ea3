using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Cli;

internal static class ModelsDiff
{
    public static Command Create(Terminal terminal)
    {
        var family = new Argument<string>("FAMILY") { Description = "Family, such as credit or text." };
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var first = new Argument<string>("A") { Description = "Version." };
        var second = new Argument<string?>("B") { Description = "Another version; else the live one.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("diff", "Compare two versions: figures, contracts, columns, points, checks of the gate.") { family, portfolio, first, second }.Runs(terminal, async (parsed, cancel) =>
        {
            var (of, named, a) = (parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(first));
            if (Offline.Families.FirstOrDefault(f => f.Serving.Name == of) is not { } known || !Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Family.Fault, Names.Portfolio.Fault);
            if (!Names.ModelVersion.Allows(a) || (parsed.GetValue(second) is { } given && !Names.ModelVersion.Allows(given))) return Outcome<Answer>.Reject(Names.ModelVersion.Fault);
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var registry = stores.GetRequiredService<ModelRegistry>();
                if ((parsed.GetValue(second) ?? (await registry.StateAsync(of, named, cancel)).Version) is not { } b)
                    return Outcome<Answer>.Reject($"No model of {of}/{named} is live: name the version to compare with.");
                var differences = ModelDifferences.Of(known, await registry.OpenAsync(of, named, a, cancel), await registry.OpenAsync(of, named, b, cancel));
                return new Answer(
                    new JsonObject { ["outcome"] = "done", ["differences"] = JsonSerializer.SerializeToNode(differences, Json.Options) },
                    string.Join('\n', Lines(differences)));
            });
        });
    }

    private static IEnumerable<string> Lines(ModelDifferences found)
    {
        yield return Row("", found.A, found.B);
        foreach (var figure in found.Figures) yield return Row(figure.Name, Text(figure.A), Text(figure.B));
        foreach (var line in Section("Contract", found.Contract.Select(d => Row(d.Name, d.A ?? "-", d.B ?? "-")), "the same")) yield return line;
        foreach (var line in Section("Columns", [.. found.Behaviour.ColumnsLost.Select(c => Row(c, "used", "-")), .. found.Behaviour.ColumnsGained.Select(c => Row(c, "-", "used"))], "the same")) yield return line;
        foreach (var line in Section("Points, greatest difference first", found.Behaviour.Points.Select(p => Row($"{p.Column} {p.Values}".Trim(), Text(p.A), Text(p.B))), "the same")) yield return line;
        foreach (var line in Section("Gate", found.Gate.Select(g => Row(g.Name, Text(g.A), Text(g.B))), "no checks")) yield return line;
    }

    private static IEnumerable<string> Section(string heading, IEnumerable<string> rows, string none) => [$"{heading}:", .. rows.DefaultIfEmpty($"  {none}")];

    private static string Row(string name, string a, string b) => $"  {name,-40} {a,20} {b,20}";

    private static string Text(double? figure) => figure is { } value ? value.ToString("F4", CultureInfo.InvariantCulture) : "-";

    private static string Text(decimal points) => points.ToString("F2", CultureInfo.InvariantCulture);

    private static string Text(GateCheck? check) => check is null ? "-" : $"{Text(check.Figure)} {(check.Passed ? "passed" : "failed")}";
}
