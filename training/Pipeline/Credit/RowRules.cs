using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>Holds the rows of an export against the contract's rules between columns, and counts those that break them.</summary>
internal sealed class RowRules
{
    private readonly List<(ColumnReader Reader, int At)> _columns = [];
    private readonly List<Rule> _rules = [];
    private readonly Operand[] _values;

    public RowRules(CreditContract contract, DropTable table)
    {
        foreach (var rule in contract.Rules)
        {
            if (Expression.Parse(rule.Holds) is not Outcome<Expression>.Done { Value: var holds }) throw new ArgumentException($"Rule '{rule.Name}' is not valid.", nameof(contract));
            _rules.Add(new(rule, holds, [.. holds.Columns.Select(name => PlaceOf(contract, table, name))], [.. holds.Columns.Where(name => table.IndexOf(name) < 0)]));
        }

        _values = new Operand[_columns.Count];
    }

    /// <summary>Holds a row against every rule.</summary>
    /// <returns>The rules that make it one in error.</returns>
    public IEnumerable<string> Broken(DropTable table)
    {
        if (_rules.Count == 0) return [];
        for (var i = 0; i < _values.Length; i++)
        {
            var (reader, at) = _columns[i];
            _values[i] = at < 0 ? Operand.Missing : Operand.Of(reader.Read(table[at]));
        }

        List<string>? refused = null;
        foreach (var rule in _rules)
        {
            var values = new Operand[rule.Places.Length];
            for (var i = 0; i < values.Length; i++) values[i] = _values[rule.Places[i]];
            if (rule.Holds.Holds(values)) continue;
            rule.Broken++;
            if (rule.Stated.Refuse) (refused ??= []).Add($"breaks the rule '{rule.Stated.Name}': correct it, or the contract.");
        }

        return refused ?? [];
    }

    /// <summary>How each rule was kept.</summary>
    public IReadOnlyList<RuleQuality> Quality() => [.. _rules.Select(r => new RuleQuality(r.Stated.Name, r.Stated.Refuse, r.Broken, r.Unread))];

    private int PlaceOf(CreditContract contract, DropTable table, string column)
    {
        var place = _columns.FindIndex(c => c.Reader.Column.Name == column);
        if (place >= 0) return place;
        _columns.Add((new ColumnReader(contract.Columns.Single(c => c.Name == column), false, table.Format, ValueFormat.Of(contract.Format)), table.IndexOf(column)));
        return _columns.Count - 1;
    }

    private sealed class Rule(RowRule stated, Expression holds, int[] places, IReadOnlyList<string> unread)
    {
        public RowRule Stated => stated;

        public Expression Holds => holds;

        public int[] Places => places;

        public IReadOnlyList<string> Unread => unread;

        public int Broken { get; set; }
    }
}
