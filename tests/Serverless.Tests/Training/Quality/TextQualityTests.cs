using System.Globalization;
using System.Text;
using Serverless.Tests.Training.Text;
using Serverless.Training;
using Serverless.Training.Quality;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Quality;

public class TextQualityTests
{
    private static async Task<DropQuality> ReadAsync(string csv, ModelProfile? champion = null)
    {
        await using var drop = await DropOf.Text(csv);
        var contract = TrainedText.Contract with { Training = new() { MaxRowsInError = 0.5 } };
        var read = await new TextTrainer().ReadAsync(contract, drop, DropOf.Context with { Champion = champion, ChampionVersion = "v" }, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return read.Quality!;
    }

    private static string Csv(params (string Intent, int Rows)[] intents) => "text,intent\n" + string.Concat(
        intents.SelectMany(i => Enumerable.Range(0, i.Rows).Select(n => string.Create(CultureInfo.InvariantCulture, $"text {i.Intent} {n},{i.Intent}\n"))));

    [Fact]
    public async Task Rows_labels_and_lengths_are_counted()
    {
        var csv = Csv(("card", 12), ("loan", 20), ("rare", 3)) + $" ,card\n{new string('x', 3000)},card\ntext card 1,card\ntext card 2 ,loan\nwine?,other\n";
        var quality = await ReadAsync(csv);
        var texts = quality.Texts!;
        Assert.Equal((40, 2, 0), (quality.Rows, quality.RowsInError, quality.Reasons.Count));
        Assert.Equal((1, 1, 1, 1, 1, 3, 3), (texts.Empty, texts.TooLong, texts.Duplicates, texts.Contradictions, texts.OutOfScope, texts.Labels, texts.OtherLabels));
        Assert.Equal([("card", 13), ("loan", 21)], texts.Intents.Select(i => (i.Key, i.Value)));
        Assert.Equal(11, texts.Lengths["p50"]);
        Assert.Equal(["1 rows repeat an earlier text under another label: decide for one, since a model can learn neither."], quality.Findings.Where(f => f.Gravity == Gravity.Mend).Skip(1).Select(f => f.Text));
    }

    [Fact]
    public async Task Labels_are_held_against_those_of_the_champion()
    {
        var champion = new ModelProfile { Rows = 1000, Columns = [new() { Name = "intent", Rows = 1000, Values = new SortedDictionary<string, double> { ["card"] = 0.5, ["loan"] = 0.5 } }] };
        Assert.Equal(Drift.Stable, (await ReadAsync(Csv(("card", 50), ("loan", 52)), champion)).Texts!.AgainstChampion!.Band);
        var moved = await ReadAsync(Csv(("card", 10), ("loan", 50), ("new", 40)), champion);
        Assert.Equal(Drift.Drifted, moved.Texts!.AgainstChampion!.Band);
        Assert.Contains(moved.Findings, f => f.Text.StartsWith("The labels have drifted against the champion's data: PSI ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_text_and_no_rare_label_stands_in_the_report()
    {
        var quality = await ReadAsync(Csv(("card", 12), ("loan", 20)) + "my PLANTED words,card\nhello,PLANTED-LABEL\nhello you,PLANTED-LABEL\n");
        foreach (var file in QualityReport.Files(quality).Values)
        {
            Assert.Contains("card", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
            Assert.DoesNotContain("PLANTED", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Drop_without_its_columns_has_a_quality_with_the_reasons()
    {
        var quality = await ReadAsync("words,intent\nhi,a\n");
        Assert.Equal(["The header has no column 'text', which the contract names for the text: add it to the file or mend the contract."], quality.Reasons);
    }
}
