using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class FamilyTests
{
    [Fact]
    public void Valid_contract_is_read()
    {
        var read = Assert.IsType<Outcome<DataContract>.Done>(Read(Encoding.UTF8.GetString(Json.File(CreditExample.Contract))));
        var contract = Assert.IsType<CreditContract>(read.Value);
        Assert.Equal("example", contract.Portfolio);
        Assert.Equal(8, contract.Columns.Count);
    }

    [Fact]
    public void Contract_full_of_faults_lists_them_all()
    {
        var faults = Faults("""
            {
              "family": "text", "portfolio": "Über", "version": "active", "bad": ["", "0"], "maxReasons": 0,
              "training": { "holdout": 0.6, "maxRowsInError": 2 },
              "gate": { "floors": { "auc": 1.5, "brier": 0.1 }, "tolerance": -1, "minRows": 0, "minRare": -1 },
              "scale": { "base": 1e9, "baseOdds": 0, "pointsToDoubleOdds": -20 },
              "policy": { "approveBelow": 0.4, "declineFrom": 0.3 },
              "columns": [
                { "name": "a", "type": "number", "role": "protected", "minimum": 2, "maximum": 1, "missing": ["9", "x"], "special": ["9.0"] },
                { "name": "a", "type": "category", "role": "target", "minimum": 1, "monotone": "none", "allowed": [], "missing": ["0"] },
                { "name": "b", "type": "number", "role": "date", "allowed": ["1"], "special": [" 1"] },
                { "name": "c", "type": "date", "role": "date", "maximum": 3 },
                { "name": "", "type": "number", "role": "target" },
                { "name": "d", "type": "number", "role": "id" },
                { "name": "e", "type": "number", "role": "id", "minimum": -1e999 }
              ]
            }
            """);
        Assert.Equal(
            """
            The contract is of another family: write "family": "credit".
            The portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.
            The version must be 1 to 50 letters, digits, hyphens and dots, a letter or digit first. 'active' is taken.
            'training.holdout' must lie above 0 and be at most 0.5: 0.2 keeps a fifth of the rows for evaluation.
            'training.maxRowsInError' must lie between 0 and 1: 0.01 accepts one row in a hundred.
            'gate.tolerance' must lie between 0 and 1: 0.002 lets a challenger be that much below the champion.
            'gate.minRows' must be 1 or more.
            'gate.minRare' must be 0 or more.
            'scale.base' must lie between -1000000 and 1000000: 600 is usual.
            'scale.baseOdds' must lie above 0 and be at most 1000000: 50 means 50 good loans to a bad one.
            'scale.pointsToDoubleOdds' must lie above 0 and be at most 1000000: 20 is usual.
            'maxReasons' must be 1 or more.
            'gate.floors.auc' must lie between 0 and 1.
            'gate.floors' names 'brier', which has no floor: use auc, gini, ks.
            A column has no name: write the one in the header.
            Column 'a' is listed 2 times: keep one.
            2 columns have the role target: give it to the one that holds the outcome.
            More than one column has the role id: keep the one that identifies a row.
            More than one column has the role date: keep the one that says when the application was made.
            Column 'b' has the role date but another type: give it the type date.
            No column has the role input: a model needs one or more.
            Column 'a' has a minimum above its maximum: swap them.
            Column 'a' lists '9' more than once as missing or special: keep one.
            Column 'a' has a minimum or maximum but is no number: remove them, or give it the type number.
            Column 'a' allows no value: list the values, or remove 'allowed' to accept any.
            Column 'a' is a category, which has no order for 'monotone': remove it.
            Column 'b' lists allowed values but is no category: remove them, or give it the type category.
            Column 'b' lists a missing, special or allowed text that is empty or has blanks around it: remove them; empty is always missing.
            Column 'c' has a minimum or maximum but is no number: remove them, or give it the type number.
            Column 'e' has a minimum or maximum beyond the range of numbers: correct it.
            'bad' lists a text that is empty or has blanks around it: write the values as they stand in the file.
            'bad' lists '0', which the target lists as missing: keep one.
            'policy' must have 0 < approveBelow <= declineFrom <= 1: applications between the two are referred.
            """,
            string.Join('\n', faults));
    }

    [Theory]
    [InlineData(null, "9", "9.0", true)]
    [InlineData("de-DE", "9", "9,0", true)]
    [InlineData("de-DE", "1000", "1.000", true)]
    [InlineData("de-DE", "1", "1.000", false)]
    [InlineData("de-DE", "9,5", "95", false)]
    public void Codes_of_a_number_are_the_same_where_the_contracts_culture_reads_the_same_number(string? culture, string missing, string special, bool same)
    {
        var contract = CreditExample.Contract with { Format = new() { Culture = culture }, Columns = [.. CreditExample.Contract.Columns.Select(c => c.Name == "income" ? c with { Missing = [missing], Special = [special] } : c)] };
        string[] faults = same ? [$"Column 'income' lists '{missing}' more than once as missing or special: keep one."] : [];
        Assert.Equal(faults, ContractFaults.Of(contract));
    }

    [Fact]
    public void Empty_contract_lists_what_it_lacks() => Assert.Equal(
        [
            "The contract has no columns: list every column of the export.",
            "0 columns have the role target: give it to the one that holds the outcome.",
            "No column has the role input: a model needs one or more.",
            "'bad' is empty: list the values of the target that mean a bad loan.",
        ],
        Faults("""{"family":"credit","portfolio":"p","version":"1","bad":[],"columns":[]}"""));

    [Fact]
    public void Nulls_in_lists_are_faults() => Assert.Equal(
        [
            "'columns[0]' is null: write a column or remove it.",
            "Column 'a' lists null as a missing, special or allowed text: write texts; the empty one is always missing.",
            "'bad' lists null: write the values as texts, as they stand in the file.",
        ],
        Faults("""{"family":"credit","portfolio":"p","version":"1","bad":[null],"columns":[null,{"name":"a","type":"number","special":[null]}]}"""));

    // After the place come the serialiser's words, which may change with .NET; what they must name is in the last argument.
    [Theory]
    [InlineData("", "line 1, $: ", "")]
    [InlineData("[]", "line 1, $: ", "CreditContract")]
    [InlineData("{\n\"family\": credit}", "line 2, $.family: ", "'c' is an invalid start")]
    [InlineData("{\"family\":\"credit\"}", "line 1, $: ", "'bad'")]
    [InlineData("{\n\n\"familie\":\"credit\"}", "line 3, $.familie: ", "'familie'")]
    [InlineData("{\"columns\":[\n{\"name\":\"a\",\n\"type\":\"text\"}]}", "line 3, $.columns[0].type: ", " Write one of number, category, date.")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"role\":0}]}", "line 1, $.columns[0].role: ", " Write one of input, id, date, target, protected, ignored.")]
    [InlineData("{\"columns\":[{\"monotone\":\"up\"}]}", "line 1, $.columns[0].monotone: ", " Write one of auto, increasing, decreasing, unimodal, none.")]
    [InlineData("{\"family\":\"credit\",\"family\":\"credit\"}", "line 1, $.family: ", "'family'")]
    [InlineData("{\"bad\":null}", "line 1, $.bad: ", "'bad'")]
    [InlineData("{\"Bad\":[]}", "line 1, $.Bad: ", "'Bad'")]
    [InlineData("{\"columns\":[{\"type\":\"Number\"}]}", "line 1, $.columns[0].type: ", " Write one of number, category, date.")]
    public void Malformed_contract_is_told_with_its_place(string json, string place, string named)
    {
        var fault = Assert.Single(Faults(json));
        Assert.StartsWith($"Correct the contract at {place}", fault, StringComparison.Ordinal);
        Assert.Contains(named, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("Serverless.", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", "The contract is written in form 7 and this program reads form 1: update the program, or write the contract in form 1.")]
    [InlineData("0", "There is no form 0 of contracts: write \"schemaVersion\": 1.")]
    public void Other_form_is_told_before_its_members(string form, string fault) => Assert.Equal([fault], Faults($$"""{"schemaVersion": {{form}}, "madeUp": true}"""));

    [Fact]
    public void New_members_list_their_faults() => Assert.Equal(
        """
        'purpose' must have 1 to 1000 characters.
        'owner' must have 1 to 200 characters.
        'format.delimiter' must be one character that is no letter, digit, quote, sign or line break: a comma, semicolon, tab or bar is usual.
        'limits.maxBytes' must lie between 1 and 1099511627776.
        'limits.maxRows' must lie between 1 and 2000000000.
        'limits.maxColumns' must lie between 1 and 100000.
        'limits.maxFieldLength' must lie between 1 and 16777216.
        'limits.maxExpansion' must lie between 1 and 10000.
        'performanceMonths' must lie between 1 and 600: 12 or 24 months are usual.
        'scorecard.minInformationValue' must lie between 0 and 10: 0.02 is usual, 0 keeps every column.
        'scorecard.maxCorrelation' must lie above 0 and be at most 1: 0.9 drops near copies, 1 keeps every column.
        'scorecard.lasso' must lie between 0 and 1000000: 0 is ridge alone.
        'scorecard.minBinShare' must lie above 0 and be at most 0.5: 0.05 is usual in hand-made scorecards.
        'scorecard.maxBins' must lie between 2 and 200.
        'policy.approveBelow' must lie above 0 and be at most 1.
        'format.encoding' names no encoding that is known: write its IANA name, such as utf-8, utf-16, iso-8859-1, iso-8859-15 or windows-1252.
        'format.dateFormat' does not tell a date's year and month: write day, month and year as dd, MM and yyyy, such as dd.MM.yyyy.
        'drops' is increment, but no column has the role id: give it to the one that identifies a row, so that a later row replaces an earlier one, or write full.
        'performanceMonths' needs to know when a loan was applied for: give the role date to the column that says it, or remove 'performanceMonths'.
        'segments' names 'x', which is no column of the contract: correct the name, or list the column.
        'segments' names 'b' 2 times: keep one.
        'segments' names 'b', which has the role target: name columns that put loans into groups.
        'segments' names 'c', which is ignored and so may be absent: give it the role protected, which is read and never an input, or input.
        """,
        string.Join('\n', Faults("""
            {
              "family": "credit", "portfolio": "p", "version": "1", "bad": ["1"], "purpose": "", "owner": "", "drops": "increment",
              "format": { "encoding": "ebcdic-of-old", "delimiter": ";;", "dateFormat": "d.M." },
              "limits": { "maxBytes": 0, "maxRows": 0, "maxColumns": 0, "maxFieldLength": 0, "maxExpansion": 0 },
              "performanceMonths": 601, "observedOn": "2026-06-30", "segments": ["x", "b", "b", "c"],
              "scorecard": { "minInformationValue": -1, "maxCorrelation": 0, "lasso": -1, "minBinShare": 0, "maxBins": 1 },
              "policy": { "approveBelow": 0 },
              "columns": [ { "name": "a", "type": "number" }, { "name": "b", "type": "number", "role": "target" }, { "name": "c", "type": "number", "role": "ignored" } ]
            }
            """)));

    [Fact]
    public void Unknown_culture_is_told_with_the_known_ones() => Assert.StartsWith(
        "'format.culture' names no culture that is known: write one of bg-BG, cs-CZ, da-DK, ",
        Faults("""{"family":"credit","portfolio":"p","version":"1","bad":["1"],"format":{"culture":"de"},"columns":[{"name":"a","type":"number"},{"name":"b","type":"number","role":"target"}]}""").Single(),
        StringComparison.Ordinal);

    [Fact]
    public void Place_of_the_schema_is_accepted_and_not_kept()
    {
        var read = Read("""{"$schema":"../credit.schema.json","family":"credit","portfolio":"p","version":"1","bad":["1"],"columns":[{"name":"a","type":"number"},{"name":"b","type":"number","role":"target"}]}""");
        Assert.DoesNotContain("schema.json", Encoding.UTF8.GetString(Json.File((CreditContract)Assert.IsType<Outcome<DataContract>.Done>(read).Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_no_contract() => Assert.Equal(["The contract is null: write a JSON object."], Faults("null"));

    [Fact]
    public void Text_that_is_not_utf8_is_told_with_its_place()
    {
        var json = Encoding.UTF8.GetBytes("""{"family":"cr?dit"}""");
        json[Array.IndexOf(json, (byte)'?')] = 0xE9;
        var rejected = Assert.IsType<Outcome<DataContract>.Rejected>(new CreditFamily().ReadContract(json));
        Assert.StartsWith("Correct the contract at line 1, $.family: ", Assert.Single(rejected.Reasons), StringComparison.Ordinal);
    }

    private static Outcome<DataContract> Read(string json) => new CreditFamily().ReadContract(Encoding.UTF8.GetBytes(json));

    private static IReadOnlyList<string> Faults(string json) => Assert.IsType<Outcome<DataContract>.Rejected>(Read(json)).Reasons;
}
