using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Serverless.Serving;

namespace Serverless.Training.Contracts;

/// <summary>
/// The JSON Schema (draft 2020-12) of a family's contracts, from the records that they are read into: editors check and complete with it.
/// It states what one member may hold; what members ask of each other ('performanceMonths' needs a date) 'serverless contract check' tells.
/// </summary>
public static class ContractSchema
{
    /// <summary>The schema as a file.</summary>
    /// <exception cref="FileNotFoundException">The documentation of the records does not lie beside the program.</exception>
    public static byte[] Of(IModelFamily family)
    {
        var docs = RecordDocs.Load();
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Annotate(context, (JsonObject)node, family, docs) };
        var schema = (JsonObject)JsonSchemaExporter.GetJsonSchemaAsNode(Json.Options, family.Contract, options);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", $"Data contract of the family '{family.Name}', form {DataContract.Form.ToString(CultureInfo.InvariantCulture)}");
        return Json.File(schema);
    }

    private static JsonObject Annotate(JsonSchemaExporterContext context, JsonObject node, IModelFamily family, RecordDocs docs)
    {
        if (context.PropertyInfo?.AttributeProvider is not PropertyInfo member)
        {
            if (context.TypeInfo.Type != family.Contract) return node;
            BaseFirst(node, context);
            node.Insert(0, "description", docs.Of(family.Contract));
            return node;
        }

        var nullable = node["type"] is JsonArray;
        Bound(node, context.TypeInfo.Type, member);
        foreach (var (keyword, value) in Known(member, family)) node[keyword] = value;
        if (nullable && node["enum"] is JsonArray choices) choices.Add((JsonNode?)null);
        if (Described(member, context.TypeInfo.Type, docs) is { } description) node.Insert(0, "description", description);
        if (Default(member, member.ReflectedType!.IsAbstract ? family.Contract : member.ReflectedType) is { } written) node["default"] = written;
        return node;
    }

    /// <summary>Ranges, lengths and patterns, as the check of a contract reads them from the same attributes.</summary>
    private static void Bound(JsonObject node, Type type, PropertyInfo member)
    {
        var number = Nullable.GetUnderlyingType(type) ?? type;
        if (number == typeof(int)) (node["minimum"], node["maximum"]) = (int.MinValue, int.MaxValue);
        foreach (var attribute in member.GetCustomAttributes())
        {
            switch (attribute)
            {
                case RangeAttribute range:
                    node.Remove("minimum");
                    node[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture));
                    node["maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
                    break;
                case AllowedValuesAttribute allowed:
                    node.Remove("minimum");
                    node.Remove("maximum");
                    node["enum"] = new JsonArray([.. allowed.Values.Select(v => JsonSerializer.SerializeToNode(v, Json.Options))]);
                    break;
                case StringLengthAttribute length:
                    (node["minLength"], node["maxLength"]) = (length.MinimumLength, length.MaximumLength);
                    break;
                case MinLengthAttribute least:
                    node[type == typeof(string) ? "minLength" : "minItems"] = least.Length;
                    break;
                case RegularExpressionAttribute pattern:
                    (node["items"] as JsonObject ?? node)["pattern"] = Portable(pattern.Pattern);
                    break;
            }
        }
    }

    /// <summary>What is known by other means than an attribute.</summary>
    private static IEnumerable<(string Keyword, JsonNode Value)> Known(PropertyInfo member, IModelFamily family) => (member.DeclaringType!.Name, member.Name) switch
    {
        (nameof(DataContract), nameof(DataContract.Family)) => [("enum", new JsonArray(family.Name))],
        (nameof(DataContract), nameof(DataContract.Portfolio)) => [("pattern", Portable(Names.Portfolio.Pattern.ToString()))],
        (nameof(DataContract), nameof(DataContract.Version)) =>
            [("pattern", Portable(Names.ContractVersion.Pattern.ToString())), ("not", new JsonObject { ["enum"] = new JsonArray("active") })],
        (nameof(DropFormat), nameof(DropFormat.Culture)) => [("enum", new JsonArray([.. NumberCulture.Known.Select(name => (JsonNode)name)]))],
        (nameof(GateRules), nameof(GateRules.Floors)) => [("additionalProperties", new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 })],
        _ when member.PropertyType == typeof(DateOnly?) => [("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")],
        _ => [],
    };

    // ECMA-262, whose patterns JSON Schema takes, has no \z; its $ is the end of the text only.
    private static string Portable(string pattern) => pattern.Replace("\\z", "$", StringComparison.Ordinal);

    private static string? Described(PropertyInfo member, Type type, RecordDocs docs)
    {
        if (docs.Of(member) is not { } summary || !type.IsEnum) return docs.Of(member);
        var choices = type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{JsonNamingPolicy.CamelCase.ConvertName(f.Name)}: {docs.Of(f)}");
        return string.Join('\n', [summary, .. choices]);
    }

    /// <summary>What a member holds when it is left out, where that is one value.</summary>
    private static JsonNode? Default(PropertyInfo member, Type owner)
    {
        if (member.IsDefined(typeof(RequiredMemberAttribute))) return null;
        var value = member.GetValue(Activator.CreateInstance(owner));
        return value is string or bool or int or long or double or decimal or Enum ? JsonSerializer.SerializeToNode(value, value.GetType(), Json.Options) : null;
    }

    private static void BaseFirst(JsonObject node, JsonSchemaExporterContext context)
    {
        var own = context.TypeInfo.Properties.Where(p => (p.AttributeProvider as PropertyInfo)?.DeclaringType == context.TypeInfo.Type).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var members = (JsonObject)node["properties"]!;
        foreach (var name in members.Select(m => m.Key).Where(own.Contains).ToList())
        {
            var member = members[name];
            members.Remove(name);
            members.Add(name, member);
        }

        var required = ((JsonArray)node["required"]!).Select(n => (string)n!).OrderBy(own.Contains).ToList();
        node["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
    }
}
