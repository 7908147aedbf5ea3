using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless.Serving;

/// <summary>Holds a contract against the ranges, lengths and patterns that its records state as attributes, which are also those of its JSON Schema.</summary>
internal static class MemberFaults
{
    /// <summary>Every fault, each with what to do; the members of records within it are named by their path.</summary>
    /// <param name="record">The contract, or a part of it.</param>
    /// <param name="path">Where it stands in the contract, ending with a dot; empty for the contract itself.</param>
    public static IEnumerable<string> Of(object record, string path = "")
    {
        // Members of the base first, as they are written in a contract.
        var members = record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.DeclaringType == record.GetType());
        foreach (var member in members)
        {
            var name = path + JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            if (member.GetValue(record) is not { } value) continue;
            if (value is not IEnumerable && value.GetType() is { IsClass: true } part && part.Assembly == typeof(MemberFaults).Assembly)
            {
                foreach (var fault in Of(value, name + ".")) yield return fault;
            }
            else if (Fault(member, value) is { } must)
            {
                yield return $"'{name}' must {must}";
            }
        }
    }

    private static string? Fault(PropertyInfo member, object value) =>
        value is int or long or double or decimal && member.GetCustomAttribute<RangeAttribute>() is { } range && !Holds(range, Convert.ToDouble(value, CultureInfo.InvariantCulture)) ? Ends(In(range), range)
        : value is string text && member.GetCustomAttribute<StringLengthAttribute>() is { } length && (text.Length < length.MinimumLength || text.Length > length.MaximumLength) ? Ends(Long(length), length)
        : value is string form && member.GetCustomAttribute<RegularExpressionAttribute>() is { ErrorMessage: not null } pattern && !Regex.IsMatch(form, pattern.Pattern) ? $"{pattern.ErrorMessage}."
        : null;

    private static bool Holds(RangeAttribute range, double value)
    {
        var (least, most) = (Number(range.Minimum), Number(range.Maximum));
        return (range.MinimumIsExclusive ? value > least : value >= least) && value <= most; // NaN is in no range
    }

    private static string In(RangeAttribute range)
    {
        var (least, most) = (Written(range.Minimum), Written(range.Maximum));
        return range.Maximum is int.MaxValue ? $"be {least} or more" : range.MinimumIsExclusive ? $"lie above {least} and be at most {most}" : $"lie between {least} and {most}";
    }

    private static string Long(StringLengthAttribute length) => $"have {Written(length.MinimumLength)} to {Written(length.MaximumLength)} characters";

    private static string Ends(string must, ValidationAttribute attribute) => attribute.ErrorMessage is { } hint ? $"{must}: {hint}." : $"{must}.";

    private static double Number(object bound) => Convert.ToDouble(bound, CultureInfo.InvariantCulture);

    private static string Written(object bound) => Number(bound).ToString("0.################", CultureInfo.InvariantCulture);
}
