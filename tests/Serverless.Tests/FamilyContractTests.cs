using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests;

public sealed class CreditFamilyContractTests(CreditSample sample) : FamilyContractTests(sample), IClassFixture<CreditSample>;

public sealed class DocumentFamilyContractTests(DocumentFamilySample sample) : FamilyContractTests(sample), IClassFixture<DocumentFamilySample>;

public sealed class MarketFamilyContractTests(MarketFamilySample sample) : FamilyContractTests(sample), IClassFixture<MarketFamilySample>;

public sealed class TextFamilyContractTests(TextSample sample) : FamilyContractTests(sample), IClassFixture<TextSample>;

/// <summary>What every family keeps to; a new family adds its sample and a subclass.</summary>
public abstract class FamilyContractTests(FamilySample sample)
{
    private const string Golden = "golden.json";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IModelFamily Serving => sample.Family.Serving;

    [Fact]
    public async Task Same_rows_twice_give_the_same_bytes_version_and_run()
    {
        var (first, second) = (await sample.FirstAsync(), await sample.TrainAsync(1));
        Assert.Equal(first.Bundle.Served.Keys.Order(), second.Bundle.Served.Keys.Order());
        Assert.All(first.Bundle.Served, file => Assert.True(file.Value.Span.SequenceEqual(second.Bundle.Read(file.Key).Span), file.Key));
        Assert.Equal((first.Bundle.Version, first.Bundle.Manifest.RunId), (second.Bundle.Version, second.Bundle.Manifest.RunId));
        Assert.Matches("^[0-9a-f]{16}$", first.Bundle.Version);
    }

    [Fact]
    public async Task Other_rows_give_another_version() =>
        Assert.NotEqual((await sample.FirstAsync()).Bundle.Version, (await sample.TrainAsync(2)).Bundle.Version);

    [Fact]
    public async Task Bundle_opens_loads_and_answers_its_golden_inputs()
    {
        var trained = await sample.FirstAsync();
        Assert.Null(trained.SelfTestFault);
        var opened = ModelBundle.Open(Files(trained.Seal(null)));
        Assert.Equal((trained.Bundle.Version, sample.Contract.Family, sample.Contract.Portfolio), (opened.Version, opened.Manifest.Family, opened.Manifest.Portfolio));
        using var served = Serving.Load(opened);
        served.SelfTest();
        Assert.Same(opened, served.Bundle);
    }

    [Fact]
    public async Task Changed_byte_in_any_served_file_is_refused()
    {
        var files = Files((await sample.FirstAsync()).Seal(null));
        foreach (var name in (await sample.FirstAsync()).Bundle.Served.Keys)
        {
            var changed = files[name].ToArray();
            changed[changed.Length / 2] ^= 1;
            var error = Assert.Throws<InvalidModelException>(() => ModelBundle.Open(new Dictionary<string, ReadOnlyMemory<byte>>(files) { [name] = changed }));
            Assert.Equal($"'{name}' is not the file that was trained: its SHA-256 differs from the manifest's.", error.Message);
        }
    }

    [Fact]
    public async Task Missing_served_file_is_refused()
    {
        var files = Files((await sample.FirstAsync()).Seal(null));
        foreach (var name in (await sample.FirstAsync()).Bundle.Served.Keys)
            Assert.Throws<InvalidModelException>(() => ModelBundle.Open(files.Where(f => f.Key != name).ToDictionary()));
    }

    [Fact]
    public async Task Each_golden_input_that_is_answered_otherwise_fails_the_self_test()
    {
        var bundle = (await sample.FirstAsync()).Bundle;
        var count = JsonNode.Parse(bundle.Read(Golden).Span)!.AsArray().Count;
        Assert.True(count > 3);
        for (var place = 0; place < count; place++)
        {
            var golden = JsonNode.Parse(bundle.Read(Golden).Span)!.AsArray();
            Shift(golden[place]!);
            SelfTestFails(bundle, golden);
        }
    }

    [Fact]
    public async Task Bundle_without_golden_inputs_fails_the_self_test() => SelfTestFails((await sample.FirstAsync()).Bundle, []);

    [Fact]
    public void Contract_is_read_as_it_was_written()
    {
        var read = Assert.IsType<Outcome<DataContract>.Done>(Serving.ReadContract(Json.File<object>(sample.Contract))).Value;
        Assert.Equal(Json.File<object>(sample.Contract), Json.File<object>(read));
    }

    [Fact]
    public void Contract_with_faults_is_rejected_with_all_of_them()
    {
        var contract = sample.Contract with
        {
            Family = "other",
            Portfolio = "No Such",
            Version = "active",
            Training = new() { Holdout = 0.6, MaxRowsInError = 2 },
            Gate = new() { Floors = new Dictionary<string, double> { [sample.MainMetric] = 1.5 }, Tolerance = -1, MinRows = 0, MinRare = -1 },
        };
        Assert.Equal(
            [
                $"The contract is of another family: write \"family\": \"{Serving.Name}\".",
                $"The {Names.Portfolio.Fault}",
                $"The {Names.ContractVersion.Fault} 'active' is taken.",
                "'training.holdout' must lie above 0 and be at most 0.5: 0.2 keeps a fifth of the rows for evaluation.",
                "'training.maxRowsInError' must lie between 0 and 1: 0.01 accepts one row in a hundred.",
                "'gate.tolerance' must lie between 0 and 1: 0.002 lets a challenger be that much below the champion.",
                "'gate.minRows' must be 1 or more.",
                "'gate.minRare' must be 0 or more.",
                $"'gate.floors.{sample.MainMetric}' must lie between 0 and 1.",
            ],
            Assert.IsType<Outcome<DataContract>.Rejected>(Serving.ReadContract(Json.File<object>(contract))).Reasons);
    }

    [Fact]
    public async Task Card_is_there_for_people_and_names_the_version()
    {
        var sealedBundle = (await sample.FirstAsync()).Seal(null);
        foreach (var name in (string[])["card.md", "card.html"])
            Assert.Contains(sealedBundle.Version, System.Text.Encoding.UTF8.GetString(sealedBundle.Beside[name].Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trained_rows_are_all_that_the_served_model_was_fitted_on()
    {
        var refitted = await sample.FirstAsync();
        Assert.Equal((sample.Rows.All, sample.Rows.Learnt, 0), (refitted.Trained.Rows, refitted.Trained.TrainedOn.Count, refitted.RowsInError));

        // Without the second fit, the holdout is what was left out: a fifth, and all of it fresh to the model itself.
        var once = await sample.TrainAsync(1, sample.Contract with { Training = sample.Contract.Training with { Refit = false } });
        using var served = Serving.Load(once.Bundle);
        var left = once.Trained.CompareWith(served, once.Trained.TrainedOn);
        Assert.Equal(sample.Rows.Learnt, once.Trained.TrainedOn.Count + left.Rows);
        Assert.InRange(left.Rows, sample.Rows.Learnt / 6, sample.Rows.Learnt / 4);
        Assert.Equal(left.Challenger, left.Champion, 1e-9);
    }

    [Fact]
    public async Task Comparison_is_made_on_fresh_rows_only()
    {
        var (champion, challenger) = (await sample.FirstAsync(), await sample.TrainAsync(2));
        using var served = Serving.Load(champion.Bundle);
        var fresh = challenger.Trained.CompareWith(served, champion.Trained.TrainedOn);
        Assert.Equal(sample.MainMetric, fresh.Metric);
        Assert.InRange(fresh.Rows, sample.Rows.Learnt / 6, sample.Rows.Learnt / 4);
        Assert.InRange(fresh.Rare, 1, fresh.Rows / 2);
        Assert.Equal(challenger.Trained.Metrics[sample.MainMetric], fresh.Challenger, 1e-9);
        Assert.InRange(fresh.Champion, 0.2, 1);

        var none = challenger.Trained.CompareWith(served, challenger.Trained.TrainedOn);
        Assert.Equal((0, 0, double.NaN, double.NaN), (none.Rows, none.Rare, none.Challenger, none.Champion));
    }

    [Fact]
    public async Task Evaluation_measures_every_row_of_a_file()
    {
        using var served = Serving.Load((await sample.FirstAsync()).Bundle);
        var evaluation = await EvaluateAsync(served, await sample.CsvAsync(1));
        Assert.Equal((sample.Rows.All, 0), (evaluation.Rows, evaluation.RowsInError));
        Assert.InRange(evaluation.Metrics[sample.MainMetric], 0.5, 1);

        // What it was fitted on is easier than what it never saw.
        Assert.True(evaluation.Metrics[sample.MainMetric] > (await EvaluateAsync(served, await sample.CsvAsync(2))).Metrics[sample.MainMetric]);
    }

    [Fact]
    public async Task File_that_is_none_of_the_family_is_rejected_for_training_and_for_evaluation()
    {
        using var served = Serving.Load((await sample.FirstAsync()).Bundle);
        var none = new Progress<TrainingProgress>();
        Assert.NotEmpty(sample.Unreadable);
        foreach (var (content, reason) in sample.Unreadable)
        {
            await using var file = await DropOf.Bytes(content);
            var read = Assert.IsType<Outcome<TrainingRows>.Rejected>((await sample.Family.ReadAsync(sample.Contract, file, DropOf.Context, none, Cancel)).Rows);
            var evaluated = Assert.IsType<Outcome<Evaluation>.Rejected>(await sample.Family.EvaluateAsync(served, file, DropOf.Context.Now, none, Cancel));
            Assert.Equal([reason], read.Reasons);
            Assert.Equal([reason], evaluated.Reasons);
        }
    }

    private async Task<Evaluation> EvaluateAsync(IServedModel served, byte[] csv)
    {
        await using var file = await DropOf.Bytes(csv);
        return Assert.IsType<Outcome<Evaluation>.Done>(await sample.Family.EvaluateAsync(served, file, DropOf.Context.Now, new Progress<TrainingProgress>(), Cancel)).Value;
    }

    private void SelfTestFails(ModelBundle bundle, JsonArray golden)
    {
        var files = bundle.Served.ToDictionary(f => f.Key, f => f.Value.ToArray());
        files[Golden] = JsonSerializer.SerializeToUtf8Bytes(golden, Json.Options);
        using var served = Serving.Load(ModelBundle.Create(bundle.Manifest, files));
        Assert.Throws<InvalidModelException>(served.SelfTest);
    }

    // The first probability of a golden input, as deep as it lies.
    private static bool Shift(JsonNode node)
    {
        if (node is JsonObject members && members["probability"] is { } probability)
        {
            members["probability"] = probability.GetValue<double>() + 0.001;
            return true;
        }

        return (node as JsonObject)?.Any(m => m.Value is not null && Shift(m.Value)) ?? (node as JsonArray)?.Any(m => Shift(m!)) ?? false;
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Files(ModelBundle bundle) => bundle.Files().ToDictionary();
}
