using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class FittedAutoencoderTests
{
    private const string Usual = """{"amount": 5000, "instalment": 104, "town": "T1", "shop": "S11", "employer": "Firm 7 Ltd"}""";

    [Fact]
    public async Task Training_learns_what_goes_together()
    {
        using var model = await TrainedAutoencoder.LoadAsync();
        model.SelfTest();
        Assert.False(OutOf(model, Usual));
        Assert.True(OutOf(model, """{"amount": 5000000, "instalment": 104, "town": "T9", "shop": "S11", "employer": "Firm 7 Ltd"}"""));
        Assert.True(Error(model, """{"amount": 9900, "instalment": 4, "town": "T1", "shop": "S11", "employer": "Firm 7 Ltd"}""") > 1.5 * Error(model, Usual));
        Assert.True(Error(model, """{"amount": 5000, "instalment": 104, "town": "T1", "shop": "S31", "employer": "Firm 7 Ltd"}""") > Error(model, Usual));
    }

    [Fact]
    public async Task Few_of_the_rows_that_it_learned_from_are_told_as_unlike()
    {
        using var model = await TrainedAutoencoder.LoadAsync();
        var rows = await TrainedAutoencoder.RowsAsync();
        using var autoencoder = Autoencoder.Load(model.Bundle, model.Contract)!;
        var (errors, _) = autoencoder.Run(EncodingFit.Encode(autoencoder.File.Encoding, rows, [.. Enumerable.Range(0, rows.Count)]));
        Assert.InRange(errors.Count(e => e > autoencoder.File.Limit), 0, rows.Count / 40);
        Assert.Equal((400, 200), (autoencoder.File.Rows, autoencoder.File.LimitRows));
    }

    [Fact]
    public async Task Application_is_encoded_as_its_row_was()
    {
        using var model = await TrainedAutoencoder.LoadAsync();
        var rows = await TrainedAutoencoder.RowsAsync();
        var header = TrainedAutoencoder.Csv(0).Trim().Split(',');
        foreach (var (row, line) in TrainedAutoencoder.Csv(60).Trim().Split('\n').Skip(1).Index())
        {
            var fields = header.Zip(line.Split(',')).Where(f => f.First is not "bad").ToDictionary(f => f.First, f => System.Text.Json.JsonSerializer.SerializeToElement(f.Second));
            var read = Assert.IsType<Outcome<BinnedApplication>.Done>(model.Read(fields)).Value;
            Assert.Equal(EncodingFit.Encode(File(model).Encoding, rows, [row]), read.Values);
        }
    }

    [Fact]
    public async Task Graph_answers_as_the_network_did()
    {
        // 1e-5 is what is asked for; the self-test allows other processors more.
        using var model = await TrainedAutoencoder.LoadAsync();
        using var autoencoder = Autoencoder.Load(model.Bundle, model.Contract)!;
        foreach (var (place, golden) in autoencoder.File.Golden.Index())
        {
            var (errors, codes) = autoencoder.Run(Autoencoder.Pattern(place));
            Assert.Equal(golden.Error, errors[0], 1e-5f * Math.Max(1, golden.Error));
            Assert.All(golden.Code.Zip(codes), c => Assert.Equal(c.First, c.Second, 1e-5f * Math.Max(1, Math.Abs(c.First))));
        }
    }

    [Fact]
    public async Task Same_rows_give_the_same_files()
    {
        var again = FittedAutoencoder.Fit(await TrainedAutoencoder.RowsAsync(), TrainedAutoencoder.Contract.Autoencoder!, _ => { }, TestContext.Current.CancellationToken);
        var first = (await TrainedAutoencoder.ModelAsync()).Served;
        Assert.Equal(3, again.Files().Count());
        Assert.All(again.Files(), file => Assert.Equal(first[file.Key], file.Value));
    }

    [Fact]
    public async Task Past_loan_is_nearest_to_itself_and_bundle_holds_nothing_that_it_stated()
    {
        using var model = await TrainedAutoencoder.LoadAsync();
        var rows = await TrainedAutoencoder.RowsAsync();
        var read = Assert.IsType<Outcome<BinnedApplication>.Done>(model.Read(CreditExample.Fields(Usual))).Value;
        var near = model.SimilarCases(read, 5);
        Assert.Equal(5, near.Count);
        Assert.Equal(near.OrderBy(c => c.Distance), near);
        Assert.Equal(50, model.SimilarCases(read, 1000).Count);

        var own = model.SimilarCases(read with { Values = EncodingFit.Encode(File(model).Encoding, rows, [Row(near[0].Row)]) }, 1).Single();
        Assert.Equal((near[0].Row, rows.Bad[Row(near[0].Row)]), (own.Row, own.Bad));
        Assert.Equal(0, own.Distance, 1e-6);
        Assert.DoesNotContain("Firm", System.Text.Encoding.UTF8.GetString(model.Bundle.Read(Autoencoder.CasesFile).Span), StringComparison.Ordinal);

        int Row(string key) => Array.FindIndex(rows.Keys, k => k.ToString("x16", System.Globalization.CultureInfo.InvariantCulture) == key);
    }

    [Fact]
    public async Task Contract_without_it_gives_a_model_that_cannot_tell()
    {
        var model = await LoanExport.TrainAsync(LoanExport.Csv(300));
        Assert.DoesNotContain(Autoencoder.GraphFile, model.Served.Keys);
        using var loaded = LoanExport.Load(model);
        var read = Assert.IsType<Outcome<BinnedApplication>.Done>(loaded.Read(CreditExample.Fields("""{"income": 5000, "region": "R1", "noise": 3}"""))).Value;
        Assert.Null(read.Values);
        Assert.Null(loaded.Score(read).OutOfDistribution);
        Assert.Empty(loaded.SimilarCases(read, 3));
    }

    [Fact]
    public async Task Cancelled_training_stops()
    {
        var rows = await TrainedAutoencoder.RowsAsync();
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => FittedAutoencoder.Fit(rows, new() { Epochs = 1000 }, _ => cancel.Cancel(), cancel.Token));
    }

    [Fact]
    public void Encoding_has_a_unit_for_each_step_value_and_code_and_grams_for_texts()
    {
        var encoding = new ApplicationEncoding(
            [new("amount", ColumnType.Number, 1, 10, [10, 20, 30], [], 0), new("town", ColumnType.Category, 0, 0, [], ["a", "b"], 0), new("employer", ColumnType.Category, 0, 0, [], [], 5)]);

        // missing, -9, below, above 10, 20 and 30 | missing, a, b, others | missing and 64 of n-grams
        Assert.Equal([6, 4, 65], encoding.Columns.Select(c => c.Units));
        Assert.Equal([0], Ones(0, Cell.Missing));
        Assert.Equal([1], Ones(0, Cell.OfSpecial(0)));
        Assert.Equal([2], Ones(0, Cell.OfNumber(9)));
        Assert.Equal([], Ones(0, Cell.OfNumber(10)));
        Assert.Equal([3, 4], Ones(0, Cell.OfNumber(25)));
        Assert.Equal([3, 4, 5], Ones(0, Cell.OfNumber(31)));
        Assert.Equal([8], Ones(1, Cell.OfCategory("b")));
        Assert.Equal([9], Ones(1, Cell.OfCategory("never seen")));
        var (firm, like, other) = (Ones(2, Cell.OfCategory("Northern Railways")), Ones(2, Cell.OfCategory("Northern Railway")), Ones(2, Cell.OfCategory("Bakery")));
        Assert.True(firm.Intersect(like).Count() > 2 * firm.Intersect(other).Count());

        int[] Ones(int column, Cell cell)
        {
            var values = new float[ApplicationEncoding.Width];
            encoding.Encode(column, cell, values);
            return [.. values.Index().Where(v => v.Item == 1).Select(v => v.Index)];
        }
    }

    [Fact]
    public void More_units_than_values_are_hashed_and_every_one_is_heard()
    {
        var encoding = new ApplicationEncoding([.. Enumerable.Range(0, 100).Select(c => new EncodedColumn($"c{c}", ColumnType.Number, 0, 0, [.. Enumerable.Range(0, 17).Select(k => (double)k)], [], 0))]);
        var values = new float[ApplicationEncoding.Width];
        for (var c = 0; c < 100; c++) encoding.Encode(c, Cell.Missing, values);
        Assert.InRange(values.Count(v => v == 1), 80, 100);
    }

    private static bool? OutOf(CreditScorer model, string json) => Assert.IsType<Outcome<CreditScore>.Done>(model.Score(CreditExample.Fields(json))).Value.OutOfDistribution;

    private static float Error(CreditScorer model, string json)
    {
        using var autoencoder = Autoencoder.Load(model.Bundle, model.Contract)!;
        return autoencoder.Run(Assert.IsType<Outcome<BinnedApplication>.Done>(model.Read(CreditExample.Fields(json))).Value.Values).Errors[0];
    }

    private static AutoencoderFile File(CreditScorer model) => model.Bundle.Read<AutoencoderFile>(Autoencoder.FeaturesFile);
}
