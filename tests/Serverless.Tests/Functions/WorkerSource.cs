using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Serverless.Tests.Functions;

/// <summary>
/// What the attributes in functions/Worker say, read from the sources without the worker's packages: for each function the members that
/// its trigger has in a <c>function.json</c>, by the names there.
/// </summary>
internal static class WorkerSource
{
    /// <summary>The functions of a source; <c>runs</c> is the function of the app that the method calls.</summary>
    public static IEnumerable<(string Name, Dictionary<string, string> Trigger)> Functions(string source)
    {
        var root = CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken).GetCompilationUnitRoot(TestContext.Current.CancellationToken);
        foreach (var method in root.DescendantNodes().OfType<MethodDeclarationSyntax>())
        {
            if (Attributes(method.AttributeLists).SingleOrDefault(a => Name(a) == "Function") is not { } function) continue;
            var (parameter, trigger) = method.ParameterList.Parameters.SelectMany(p => Attributes(p.AttributeLists).Select(a => (p, a))).Single(p => Name(p.a).EndsWith("Trigger", StringComparison.Ordinal));
            var members = Members(trigger, root);
            members["name"] = parameter.Identifier.Text;
            members["bound to"] = parameter.Type!.ToString();
            members["runs"] = Text(method.ExpressionBody!.DescendantNodes().OfType<InvocationExpressionSyntax>().First().ArgumentList.Arguments[0].Expression, root);
            yield return (Text(function.ArgumentList!.Arguments[0].Expression, root), members);
        }
    }

    private static Dictionary<string, string> Members(AttributeSyntax trigger, CompilationUnitSyntax root)
    {
        var type = LowerFirst(Name(trigger));
        var arguments = trigger.ArgumentList!.Arguments;
        var given = arguments.Where(a => a.NameEquals is null).Select(a => Text(a.Expression, root)).ToList();
        var members = arguments.Where(a => a.NameEquals is not null).ToDictionary(a => LowerFirst(a.NameEquals!.Name.ToString()), a => Text(a.Expression, root));
        members["type"] = type;
        switch (type)
        {
            case "httpTrigger":
                members["authLevel"] = LowerFirst(given[0]);
                members["methods"] = string.Join(' ', given.Skip(1));
                break;
            case "queueTrigger":
                members["queueName"] = given.Single();
                break;
            case "blobTrigger":
                members["path"] = given.Single();
                break;
            default:
                members["schedule"] = given.Single();
                break;
        }

        return members;
    }

    /// <summary>The value of a constant: its text, the last word of a member's name, or what a constant of the class is set to.</summary>
    private static string Text(ExpressionSyntax expression, CompilationUnitSyntax root) => expression switch
    {
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } } nameOf => Text(nameOf.ArgumentList.Arguments[0].Expression, root),
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        IdentifierNameSyntax name => root.DescendantNodes().OfType<VariableDeclaratorSyntax>().SingleOrDefault(v => v.Identifier.Text == name.Identifier.Text) is { Initializer.Value: var value }
            ? Text(value, root)
            : name.Identifier.Text,
        _ => throw new NotSupportedException($"'{expression}' is no constant that this test reads: write it as a literal, nameof or a constant of the class."),
    };

    private static IEnumerable<AttributeSyntax> Attributes(IEnumerable<AttributeListSyntax> lists) => lists.SelectMany(l => l.Attributes);

    private static string Name(AttributeSyntax attribute) => attribute.Name.ToString();

    private static string LowerFirst(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
