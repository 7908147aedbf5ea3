using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Serverless.Tests.House;

/// <summary>The settings that the sources read by name, found in their syntax.</summary>
internal static class CodeSettings
{
    private static readonly string[] Receivers = ["configuration", "settings", "section", "builder.Configuration"];

    /// <summary>Every key with which a configuration is indexed: literals, and constants of the same file.</summary>
    public static IReadOnlyList<string> Keys(IEnumerable<string> sources) => [.. sources.SelectMany(KeysOf).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Every section that is read into a record, with that record: <c>Settings.Read&lt;Record&gt;(….GetSection("Name"), …)</c>.</summary>
    public static IReadOnlyList<(string Section, string Record)> Sections(IEnumerable<string> sources) => [.. sources.SelectMany(source =>
        CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Settings" }, Name: GenericNameSyntax { Identifier.Text: "Read" } })
            .Select(call => (
                Section: call.ArgumentList.Arguments[0].DescendantNodesAndSelf().OfType<LiteralExpressionSyntax>().Select(l => l.Token.ValueText).FirstOrDefault() ?? "",
                Record: ((GenericNameSyntax)((MemberAccessExpressionSyntax)call.Expression).Name).TypeArgumentList.Arguments[0].ToString())))];

    private static IEnumerable<string> KeysOf(string source)
    {
        var root = CSharpSyntaxTree.ParseText(source).GetRoot();
        var constants = root.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .Where(v => v.Initializer?.Value is LiteralExpressionSyntax { Token.Value: string })
            .GroupBy(v => v.Identifier.Text).ToDictionary(g => g.Key, g => ((LiteralExpressionSyntax)g.First().Initializer!.Value).Token.ValueText);
        return root.DescendantNodes().OfType<ElementAccessExpressionSyntax>()
            .Where(access => Receivers.Contains(access.Expression.ToString()) && access.ArgumentList.Arguments.Count == 1)
            .Select(access => access.ArgumentList.Arguments[0].Expression switch
            {
                LiteralExpressionSyntax literal => literal.Token.ValueText,
                IdentifierNameSyntax name when constants.TryGetValue(name.Identifier.Text, out var value) => value,
                var other => other.ToString(),
            });
    }
}
