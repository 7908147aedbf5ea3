using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serverless.Serving;

namespace Serverless.Training.Contracts;

/// <summary>What the code says of the contract's records, from the documentation that the compiler writes beside the program.</summary>
internal sealed partial class RecordDocs
{
    private readonly Dictionary<string, string> _summaries;

    private RecordDocs(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the documentation.</summary>
    /// <exception cref="FileNotFoundException">It does not lie beside the program.</exception>
    public static RecordDocs Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{typeof(DataContract).Assembly.GetName().Name}.xml");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path} is missing: build or publish the program with its documentation files, from which the schema takes its descriptions.");
        return new(XDocument.Load(path).Descendants("member").Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => Text(m.Element("summary")!), StringComparer.Ordinal));
    }

    /// <summary>The sentences of a type, property or choice; null when there are none.</summary>
    public string? Of(MemberInfo member) => _summaries.GetValueOrDefault(member switch
    {
        Type type => $"T:{type.FullName}",
        PropertyInfo => $"P:{member.DeclaringType!.FullName}.{member.Name}",
        _ => $"F:{member.DeclaringType!.FullName}.{member.Name}",
    });

    private static string Text(XElement summary) => Blanks().Replace(string.Concat(summary.Nodes().Select(n => n switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => JsonNamingPolicy.CamelCase.ConvertName(see.Attribute("cref")!.Value.Split('.')[^1]),
        XElement element => element.Value,
        _ => "",
    })), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
