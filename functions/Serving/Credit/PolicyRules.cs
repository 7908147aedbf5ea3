namespace Serverless.Serving.Credit;

/// <summary>A decision policy made ready: its conditions parsed, and the readers of the columns that it looks at, whatever the model looks at.</summary>
public sealed class PolicyRules
{
    private readonly List<ColumnReader> _readers = [];
    private readonly int[] _keys;

    /// <summary>Prepares the policy of a valid contract.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="format">How the file that applications are read from writes values; absent: as applications do.</param>
    public PolicyRules(CreditContract contract, ValueFormat? format = null)
    {
        var codes = ValueFormat.Of(contract.Format);
        Policy = contract.Policy;
        KnockOuts = [.. Policy.KnockOuts.Select(Ready)];
        Limits = [.. Policy.Limits.Select(limit => (limit, PlaceOf(limit.Column)))];
        _keys = [.. Policy.KeyColumns.Select(PlaceOf)];

        int PlaceOf(string name)
        {
            var place = _readers.FindIndex(r => r.Column.Name == name);
            if (place >= 0) return place;

            // Without the row's date: in conditions dates are days since 1970-01-01.
            _readers.Add(new ColumnReader(contract.Columns.Single(c => c.Name == name), false, format, codes));
            return _readers.Count - 1;
        }

        PreparedRule Ready(KnockOut rule)
        {
            if (Expression.Parse(rule.When) is not Outcome<Expression>.Done { Value: var when }) throw new ArgumentException($"Rule '{rule.Name}' is not valid.", nameof(contract));
            return new(rule, when, [.. when.Columns.Select(PlaceOf)]);
        }
    }

    /// <summary>The policy as the contract states it.</summary>
    public DecisionPolicy Policy { get; }

    /// <summary>The readers of the columns that it looks at, each once.</summary>
    public IReadOnlyList<ColumnReader> Readers => _readers;

    internal PreparedRule[] KnockOuts { get; }

    internal (AmountLimit Stated, int Place)[] Limits { get; }

    /// <summary>Whether a key column is missing.</summary>
    internal bool Lacks(ReadOnlySpan<PolicyValue> values)
    {
        foreach (var place in _keys)
        {
            if (values[place].Missing) return true;
        }

        return false;
    }

    /// <summary>Which key columns are missing, in a sentence.</summary>
    internal string Lacking(ReadOnlySpan<PolicyValue> values)
    {
        List<string> names = [];
        foreach (var place in _keys)
        {
            if (values[place].Missing) names.Add($"'{_readers[place].Column.Name}'");
        }

        return $"The application does not say {string.Join(", ", names)}, without which its score is not relied on.";
    }

    /// <summary>Which rules look at a column: places in the policy's knock-outs, and behind them in its limits.</summary>
    public IEnumerable<int> RulesOn(string column) =>
        KnockOuts.Select(k => k.Places).Concat(Limits.Select(l => new[] { l.Place })).Index().Where(r => r.Item.Any(place => _readers[place].Column.Name == column)).Select(r => r.Index);

    /// <summary>Which knock-outs fire and which amounts are above their limits, whatever the score is.</summary>
    internal string State(PolicyValue[] values) => string.Concat([
        .. KnockOuts.Select(k => k.Fires(values) ? '!' : '.'), .. Limits.Select(l => values[l.Place].Operand.Number > (double)l.Stated.Maximum ? '!' : '.')]);

    /// <summary>A knock-out rule and where its columns stand in <see cref="Readers"/>.</summary>
    internal sealed record PreparedRule(KnockOut Stated, Expression When, int[] Places)
    {
        /// <summary>Whether its condition holds; not where an operand is missing.</summary>
        public bool Fires(ReadOnlySpan<PolicyValue> values)
        {
            var operands = new Operand[Places.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = values[Places[i]].Operand;
            return When.Evaluate(operands).Number is 1;
        }
    }
}

/// <summary>What an application holds in a column that the policy looks at.</summary>
/// <param name="Operand">Its value; missing too where it is a special code.</param>
/// <param name="Missing">Whether it is not given; a special code is.</param>
public readonly record struct PolicyValue(Operand Operand, bool Missing)
{
    /// <summary>What a cell holds.</summary>
    public static PolicyValue Of(in Cell cell) => new(Operand.Of(cell), cell.Kind == CellKind.Missing);
}
