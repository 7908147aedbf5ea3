using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Training.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Quality;

namespace Serverless.Tests.Training.Quality;

public class LoanQualityTests
{
    private static readonly ReadingContext Check = DropOf.Context with { KeepRows = false };

    private static async Task<(Outcome<TrainingRows> Rows, DropQuality Quality)> ReadAsync(string csv, CreditContract contract, ReadingContext? context = null)
    {
        await using var drop = await DropOf.Text(csv);
        var read = await new CreditTrainer().ReadAsync(contract, drop, context ?? Check, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return (read.Rows, read.Quality!);
    }

    private static ColumnQuality Column(DropQuality quality, string name) => quality.Columns.Single(c => c.Name == name);

    [Fact]
    public async Task Every_kind_of_field_is_counted_by_column()
    {
        var contract = LoanExport.Contract with
        {
            Training = new() { MaxRowsInError = 0.5 },
            Columns = [.. LoanExport.Contract.Columns.Select(c => c.Name == "region" ? c with { Allowed = ["N", "S", "E"] } : c), new() { Name = "note", Type = ColumnType.Category, Role = ColumnRole.Ignored }],
        };
        string[] special = ["1,,N,1,0,x", "2,-9,S,2,1,y", "3,-9.0,S,2,0,y", "4,abc,N,1,1,x", "5,-5,N,1,0,x", "6,7,W,1,1,x", "7,7,N,1,0", "8,100000,,1,1,", "8,100000,N,1,1,x"];
        var csv = "id,income,region,noise,bad,note,more\n" + string.Concat(special.Select(r => r + (r.Count(c => c == ',') == 5 ? ",0\n" : "\n")))
            + string.Concat(Enumerable.Range(10, 60).Select(i => $"{i},{i},N,3,{i % 2},z,0\n"));
        var (rows, quality) = await ReadAsync(csv, contract);
        Assert.Equal((64, 5), (Assert.IsType<Outcome<TrainingRows>.Done>(rows).Value.Count, quality.RowsInError));
        var income = Column(quality, "income");
        Assert.Equal((68, 1, 1, 1, 0), (income.Rows, income.Missing, income.Malformed, income.OutOfRange, income.NotAllowed));
        Assert.Equal(2, income.Special["-9"]);
        Assert.Equal((63, 7.0, 100_000.0), (income.Numbers!.Rows, income.Numbers.Minimum, income.Numbers.Maximum));
        Assert.Equal(40, income.Numbers.Quantiles["p50"]);
        Assert.Equal(2, income.Numbers.Outliers);
        var region = Column(quality, "region");
        Assert.Equal((1, 1, 3), (region.Missing, region.NotAllowed, (int)region.Distinct));
        Assert.Equal([("N", 64), ("S", 2)], region.Values.Select(v => (v.Key, v.Value)));
        Assert.Equal((0, 68), (Column(quality, "note").Values.Count, Column(quality, "note").OtherValues + Column(quality, "note").Missing));
        Assert.Equal((1, 1), (quality.RepeatedIds, quality.ColumnsOutsideContract));
        Assert.Equal((68, true), ((int)Column(quality, "id").Distinct + 4, Column(quality, "id").DistinctExact));
        Assert.Contains("row 4: 'income' is not a number: write it with a decimal point and without thousands separators.", quality.FirstFaults);
    }

    [Fact]
    public async Task Checking_and_training_see_the_same_and_a_check_keeps_no_row()
    {
        var csv = LoanExport.Csv(500);
        var (checkedRows, seen) = await ReadAsync(csv, LoanExport.Dated);
        var (kept, same) = await ReadAsync(csv, LoanExport.Dated, DropOf.Context);
        Assert.Equal(500, Assert.IsType<CountedRows>(Assert.IsType<Outcome<TrainingRows>.Done>(checkedRows).Value).Count);
        Assert.IsType<CreditRows>(Assert.IsType<Outcome<TrainingRows>.Done>(kept).Value);
        Assert.Equal(Json.File(seen), Json.File(same));
    }

    [Fact]
    public async Task Rule_that_refuses_makes_rows_in_error_and_one_that_does_not_only_counts()
    {
        var contract = LoanExport.Contract with
        {
            Rules = [new() { Name = "income covers noise", Holds = "noise <= income" }, new() { Name = "noise is small", Holds = "noise < 990", Refuse = true }],
            Training = new() { MaxRowsInError = 0.5 },
        };
        var csv = "id,income,region,noise,bad\n1,10,R,20,0\n2,10,R,995,0\n3,,R,20,0\n" + string.Concat(Enumerable.Range(10, 60).Select(i => $"{i},500,R,3,{i % 2}\n"));
        var (_, quality) = await ReadAsync(csv, contract);
        Assert.Equal([2, 1], quality.Rules.Select(r => r.Broken));
        Assert.Equal(1, quality.RowsInError);
        Assert.Equal(["row 2: breaks the rule 'noise is small': correct it, or the contract."], quality.FirstFaults);
        Assert.Contains(quality.Findings, f => f.Text == "2 rows break the rule 'income covers noise'.");
        Assert.Contains(quality.Findings, f => f.Text == "1 rows break the rule 'noise is small' and are in error.");
    }

    [Fact]
    public async Task Rows_that_hold_the_same_under_another_id_are_found()
    {
        var csv = "id,income,region,noise,bad\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},{i % 80},R,1,{i % 80 % 2}\n"));
        var (_, quality) = await ReadAsync(csv, LoanExport.Contract);
        Assert.Equal(20, quality.DuplicateRows);
        Assert.Contains(quality.Findings, f => f.Text == "20 rows (20.0 %) hold the same as an earlier one, apart from the id: see whether a loan was exported twice.");
    }

    [Fact]
    public async Task Table_that_is_rejected_has_its_quality_all_the_same()
    {
        var (absent, lacking) = await ReadAsync("id,income\n1,2\n", LoanExport.Contract);
        Assert.Equal(((Outcome<TrainingRows>.Rejected)absent).Reasons, lacking.Reasons);
        var (broken, unread) = await ReadAsync("id,income,region,noise,bad\n1,5,R,1,0\n2,5,\"R,1,0\n", LoanExport.Contract);
        Assert.Equal(((Outcome<TrainingRows>.Rejected)broken).Reasons, unread.Reasons);
        Assert.Equal((false, 1), (unread.Accepted, unread.Rows));
        await using var empty = await DropOf.Text("");
        Assert.Null((await new CreditTrainer().ReadAsync(LoanExport.Contract, empty, Check, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken)).Quality);
    }

    [Fact]
    public async Task Drop_of_another_population_drifts_against_the_champion_and_the_same_does_not()
    {
        var profile = LoanReference.Of(await LoanExport.RowsAsync(LoanExport.Csv(3000)), [.. Enumerable.Range(400, 300)]);
        Assert.Equal(3000, profile.Outcomes!.Rows);
        Assert.Equal((300, 429.0), (profile.Score!.Rows, profile.Score.Cuts![0]));
        var context = Check with { ChampionVersion = "abc", Champion = ModelProfile.Read(Json.File(profile)) };
        var (_, same) = await ReadAsync(LoanExport.Csv(1000, seed: 2), LoanExport.Contract, context);
        Assert.Equal("abc", same.ComparedWith);
        Assert.All(same.Columns.Where(c => c.Role == "input"), c => Assert.Equal(Drift.Stable, c.AgainstChampion!.Band));
        Assert.DoesNotContain(same.Findings, f => f.Gravity != Gravity.Note);

        var richer = string.Join('\n', LoanExport.Csv(1000, seed: 2).Split('\n').Select(l => l.Split(',') is [var id, var income, var region, ..] f && int.TryParse(income, out var n) && n > 0
            ? string.Join(',', [id, (n + 3000).ToString(CultureInfo.InvariantCulture), region == "R1" ? "R9" : region, .. f[3..]]) : l));
        var (_, other) = await ReadAsync(richer, LoanExport.Contract, context);
        Assert.Equal((Drift.Drifted, Drift.Drifted, Drift.Stable), (Column(other, "income").AgainstChampion!.Band, Column(other, "region").AgainstChampion!.Band, Column(other, "noise").AgainstChampion!.Band));
        Assert.Equal(["income", "region"], other.Findings.Where(f => f.Gravity == Gravity.Mend).Select(f => f.Column));
        Assert.True(Column(other, "region").OtherValues > 200);
        Assert.Equal(["R0", "R1", "R2", "R3"], Column(other, "region").Values.Keys);
    }

    [Fact]
    public async Task Last_fifth_by_date_is_held_against_the_rows_before()
    {
        var steady = (await ReadAsync(LoanExport.Csv(2000), LoanExport.Dated)).Quality;
        Assert.All(steady.Columns.Where(c => c.Role == "input"), c => Assert.Equal(Drift.Stable, c.WithinDrop!.Band));
        Assert.False(steady.OutcomeDrift!.Drifted);
        Assert.Equal((1600, 400), (steady.OutcomeDrift.Earlier.Rows, steady.OutcomeDrift.Later.Rows));

        var lines = LoanExport.Csv(2000).TrimEnd('\n').Split('\n');
        var moved = string.Join('\n', lines.Select((l, i) => i > 1600 && l.Split(',') is { } f ? string.Join(',', [f[0], f[1], f[2], $"{int.Parse(f[3], CultureInfo.InvariantCulture) / 3}", i % 2 == 0 ? "1" : f[4], f[5], f[6]]) : l));
        var (_, drifting) = await ReadAsync(moved, LoanExport.Dated);
        Assert.Equal(Drift.Drifted, Column(drifting, "noise").WithinDrop!.Band);
        Assert.True(drifting.OutcomeDrift!.Drifted);
        Assert.Equal([null, "noise"], drifting.Findings.Where(f => f.Gravity == Gravity.Mend).Select(f => f.Column));
    }

    [Fact]
    public async Task No_value_of_an_id_a_category_or_a_person_stands_in_the_report()
    {
        var contract = LoanExport.Contract with
        {
            Columns =
            [
                .. LoanExport.Contract.Columns, new() { Name = "sex", Type = ColumnType.Category, Role = ColumnRole.Protected, Allowed = ["PLANTED-SEX", "M"] },
                new() { Name = "phone", Type = ColumnType.Number, Role = ColumnRole.Ignored }, new() { Name = "born", Type = ColumnType.Date, Role = ColumnRole.Ignored },
            ],
            Training = new() { MaxRowsInError = 0.2 },
        };
        var csv = new StringBuilder("id,income,region,noise,bad,sex,phone,born,PLANTED-HEADER\n");
        for (var i = 0; i < 200; i++)
            csv.Append(CultureInfo.InvariantCulture, $"PLANTED-ID-{i},{(i % 10 == 0 ? "PLANTED-INCOME" : i)},PLANTED-REGION-{i % 3},1,{i % 2},PLANTED-SEX,{7700900000 + i},1977-07-0{1 + (i % 7)},PLANTED-MORE\n");
        csv.Append("PLANTED-ID-1,1,PLANTED-REGION-1,1,1,M,7700900999,PLANTED-DATE,x\n");
        var (_, quality) = await ReadAsync(csv.ToString(), contract, Check with { Champion = LoanReference.Of(await LoanExport.RowsAsync(LoanExport.Csv(500)), []), ChampionVersion = "v" });
        var files = QualityReport.Files(quality);
        Assert.Equal([QualityReport.Page, QualityReport.Data], files.Keys.Order());
        foreach (var text in files.Values.Select(Encoding.UTF8.GetString))
        {
            Assert.Contains("region", text, StringComparison.Ordinal);
            foreach (var planted in new[] { "PLANTED", "77009", "7,700,9", "1977", "2790" }) Assert.DoesNotContain(planted, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Report_reads_back_and_its_page_says_the_verdict_first()
    {
        var (_, quality) = await ReadAsync(LoanExport.Csv(500), LoanExport.Dated);
        var files = QualityReport.Files(quality);
        Assert.Equal(files[QualityReport.Data], Json.File(JsonSerializer.Deserialize<DropQuality>(files[QualityReport.Data], Json.Options)));
        var json = JsonNode.Parse(files[QualityReport.Data])!;
        Assert.Equal((1, true), ((int)json["format"]!, (bool)json["accepted"]!));
        var page = Encoding.UTF8.GetString(files[QualityReport.Page]);
        Assert.Contains("<h1>Accepted: a drop for credit/example</h1>\n<p class=\"lead\">500 of 500 rows can be used. Nothing stands out.</p>", page, StringComparison.Ordinal);
        string[] parts = ["What to look at", "The drop", "Columns", "Outcomes by time", "Drift"];
        Assert.Equal(parts, parts.OrderBy(p => page.IndexOf($"<h2>{p}</h2>", StringComparison.Ordinal)));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        var (_, rejected) = await ReadAsync(LoanExport.Csv(40), LoanExport.Dated);
        var refused = Encoding.UTF8.GetString(QualityReport.Files(rejected)[QualityReport.Page]);
        Assert.Contains("<h1>Rejected: a drop for credit/example</h1>", refused, StringComparison.Ordinal);
        Assert.Contains("<li>40 rows with ", refused, StringComparison.Ordinal);
    }
}
