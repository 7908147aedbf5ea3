using System.Text;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text.Behaviour;

/// <summary>One model, trained on labels of which every sixth is wrong, under a contract with cases that it answers and cases that it does not.</summary>
public sealed class BehaviourOfTrainedModelsTests(BehaviourOfTrainedModelsTests.Trained trained) : IClassFixture<BehaviourOfTrainedModelsTests.Trained>
{
    private const string Secret = "zyzzyva"; // in the text of every case that fails

    private static readonly TextContract Contract = TrainedText.Contract with
    {
        Gate = new() { Floors = new Dictionary<string, double> { ["invarianceCase"] = 1, ["invarianceTypos"] = 0.5 }, Calibration = new() { MaxEce = 1 } },
        Behaviour = new()
        {
            Cases =
            [
                new() { Text = "I lost the card today!", Intent = "lost_card" },
                new() { Text = "zzz 12345 &&&" },
                new() { Text = "what is my balance", Not = "pin" },
                new() { Text = "forgot the pin code again", From = "forgot the code again", Intent = "pin" },
                new() { Text = "show the pin", From = "show the balance", Not = "balance" },
                new() { Name = "wrong intent", Text = $"{Secret} my card is lost", Intent = "balance" },
                new() { Text = $"{Secret} what is my balance" },
                new() { Name = "must not", Text = $"{Secret} send money to a friend", Not = "transfer" },
                new() { Text = $"{Secret} change my pin", From = $"{Secret} change", Not = "pin" },
            ],
        },
    };

    [Fact]
    public void Gate_names_the_cases_that_the_served_model_answers_otherwise_and_no_text()
    {
        var verdict = Gate.Decide(Contract.Gate, trained.Model.Evidence, null);
        Assert.Equal(GateDecision.Keep, verdict.Decision);
        Assert.Equal(
            ["cases of the contract that are answered otherwise (number 6 'wrong intent', number 7, number 8 'must not', number 9), of 9: 4 is above 0."],
            Gate.Reasons(verdict));
        Assert.Equal(["invarianceCase floor", "invarianceTypos floor"], verdict.Checks.Where(c => c.Name.StartsWith("invariance", StringComparison.Ordinal) && c.Passed).Select(c => c.Name));
    }

    [Fact]
    public void Invariance_below_its_floor_keeps_a_version_back()
    {
        var typos = trained.Model.Trained.Metrics["invarianceTypos"];
        Assert.InRange(typos, 0.5, 1);
        var verdict = Gate.Decide(Contract.Gate with { Floors = new Dictionary<string, double> { ["invarianceTypos"] = 1.01 } }, trained.Model.Evidence with { Served = null }, null);
        Assert.StartsWith("invarianceTypos floor: ", Assert.Single(Gate.Reasons(verdict)), StringComparison.Ordinal);
        Assert.Equal(typos, trained.Model.Bundle.Manifest.Metrics["invarianceTypos"]);
    }

    [Fact]
    public void Card_shows_figures_and_cases_without_their_texts()
    {
        var card = trained.Files["card.md"];
        Assert.Matches(@"\| invarianceTypos \| two letters of a word swapped, one left out or one doubled \| \d+ \| \d+ \| [0-9.]+ % \| [0-9.]+ % to [0-9.]+ % \|", card);
        Assert.Matches(@"\| invarianceCase \| [^|]+ \| (\d+) \| \1 \| 100\.0 % \|", card); // letters lose their case before they are counted
        Assert.Contains("answers 5 of 9 cases", card);
        Assert.Matches(@"\| number 1 \| lost_card \| lost_card, best 0\.\d{4} \| passed \|", card);
        Assert.Matches(@"\| number 2 \| none of them \| none of them, best 0\.\d{4} \| passed \|", card);
        Assert.Matches(@"\| number 4 \| more probably pin \| from 0\.\d{4} to 0\.\d{4} \| passed \|", card);
        Assert.Matches(@"\| number 8 'must not' \| not transfer \| transfer, best 0\.\d{4} \| failed \|", card);
        foreach (var (name, content) in trained.Files) Assert.DoesNotContain(Secret, content, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Wrong_labels_of_held_out_texts_are_found_by_row()
    {
        var lines = trained.Files["label-suspects.csv"].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("row,label,suggested,probability,of_label", lines[0]);
        var suspected = lines.Skip(1).Select(l => int.Parse(l.Split('"')[1]["row ".Length..])).ToHashSet();
        var held = Split.Of(trained.Rows.InScope, Contract.Training.Holdout, Contract.Training.Seed).Holdout.Select(r => r.Row).ToHashSet();
        var wrong = held.Where(Trained.IsWrong).ToHashSet();
        Assert.InRange(wrong.Count, 6, 14);
        Assert.True(suspected.IsSubsetOf(held));
        Assert.True(suspected.Count(wrong.Contains) >= 0.7 * wrong.Count, $"{suspected.Count(wrong.Contains)} of {wrong.Count} found");
        Assert.True(suspected.Count(wrong.Contains) >= 0.5 * suspected.Count, $"{suspected.Count(wrong.Contains)} of {suspected.Count} are wrong");
        Assert.Equal((double)suspected.Count / held.Count, trained.Model.Trained.Metrics["labelSuspects"], 1e-12);
        Assert.Contains($"| row {suspected.First()} |", trained.Files["card.md"]);
    }

    [Fact]
    public async Task Case_of_an_intent_without_texts_rejects_the_drop_by_its_place()
    {
        var contract = TrainedText.Contract with { Behaviour = new() { Cases = [new() { Text = "hi", Intent = "pin" }, new() { Name = "shares", Text = "buy shares", Intent = "invest" }, new() { Text = "hi", Not = "loan" }] } };
        Assert.Equal(
            [
                "'behaviour.cases', number 2 'shares', names the intent 'invest', of which there is no text: drop texts of it, or correct the case in the contract.",
                "'behaviour.cases', number 3, names the intent 'loan', of which there is no text: drop texts of it, or correct the case in the contract.",
            ],
            Assert.IsType<Outcome<TrainingRows>.Rejected>(await TrainedText.ReadAsync(TrainedText.Csv(), contract)).Reasons);
    }

    public sealed class Trained : IAsyncLifetime
    {
        internal TextRows Rows { get; private set; } = null!;

        internal NewModel Model { get; private set; } = null!;

        internal Dictionary<string, string> Files { get; private set; } = null!;

        internal static bool IsWrong(int row) => row <= 250 && row % 6 == 3;

        public async ValueTask InitializeAsync()
        {
            string[] intents = ["lost_card", "balance", "transfer", "pin", "кредит"];
            var lines = TrainedText.Csv().Split('\n');
            for (var row = 1; row <= 250; row++)
            {
                if (!IsWrong(row)) continue;
                var fields = lines[row].Split(',');
                lines[row] = $"{fields[0]},{intents[(Array.IndexOf(intents, fields[1]) + 1 + (row % 4)) % 5]}";
            }

            Rows = (TextRows)Assert.IsType<Outcome<TrainingRows>.Done>(await TrainedText.ReadAsync(string.Join('\n', lines), Contract)).Value;
            Model = await ModelTraining.TrainAsync(new TextTrainer(), Contract, Rows, "", null, null, TimeProvider.System, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
            var bundle = Model.Seal(Gate.Decide(Contract.Gate, Model.Evidence, null));
            Files = bundle.Beside.Where(f => !f.Key.EndsWith(".bin", StringComparison.Ordinal)).ToDictionary(f => f.Key, f => Encoding.UTF8.GetString(f.Value.Span));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
