using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text.Encoder;

/// <summary>A classifier of two parts, n-grams and an encoder's vectors, trained once.</summary>
public sealed class EncoderModelTests(EncoderModelTests.Trained trained) : IClassFixture<EncoderModelTests.Trained>
{
    private static readonly string[] Texts = ["my card is lost", "Хочу взять кредит!", "quixotic zzz balance", "reset the pin please, it is late", "card"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Head_on_the_vectors_is_weighed_and_answers()
    {
        Assert.True(trained.Model.Metrics["weightOfEncoder"] > 0);
        Assert.True(trained.Model.Metrics["accuracy"] > 0.9);
        Assert.Equal("lost_card", Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(trained.Classifier.Classify(["MY CARD WAS STOLEN"], 1, Cancel)).Value[0].Intent);
    }

    [Fact]
    public void Served_classifier_answers_as_the_trainer_whatever_else_is_asked_with_it()
    {
        var (train, holdout) = Split.Of(trained.Rows.InScope, TrainedText.Contract.Training.Holdout, TrainedText.Contract.Training.Seed);
        using var encoded = EncodedTexts.Open(trained.Encoder, trained.Contract.Encoder!, Cancel);
        var fitted = FittedText.Fit(train, trained.Rows.Intents, Cancel) with { Encoder = FittedEncoder.Fit(train, trained.Rows.Intents.Count, encoded, Cancel) };
        var calibration = Calibration.Of(fitted.Scores([.. holdout.Select(r => r.Text)]), [.. holdout.Select(r => r.Class)], 0.03);
        using var classifier = TrainedText.Load(trained.Model, new Dictionary<string, byte[]>(trained.Model.Served)
        {
            ["model.onnx"] = TextGraph.Write(fitted, calibration),
            ["features.json"] = Json.File(fitted.Features),
            ["thresholds.json"] = Json.File(new TextThresholds(calibration.None, 0.1)),
        });
        var scores = fitted.Scores(Texts);
        classifier.Run(Texts, (place, _, probabilities) => Assert.Equal(calibration.Probabilities(scores[place]), [.. probabilities.ToArray().Select(p => (double)p)], (a, b) => Math.Abs(a - b) < 1e-4));
        foreach (var (text, i) in Texts.Select((t, i) => (t, i)))
            classifier.Run([text], (_, _, probabilities) => Assert.Equal(calibration.Probabilities(scores[i]), [.. probabilities.ToArray().Select(p => (double)p)], (a, b) => Math.Abs(a - b) < 1e-4));
    }

    [Fact]
    public void Bundle_holds_the_encoder_as_it_was_registered_and_the_same_training_gives_the_same_version()
    {
        foreach (var (file, content) in trained.Encoder.Served) Assert.True(content.Span.SequenceEqual(trained.Model.Served[file]));
        Assert.Equal(TrainedText.Bundle(trained.Model).Version, TrainedText.Bundle(TrainedText.Train(trained.Rows)).Version);
        trained.Classifier.SelfTest();
        Assert.Contains("small", System.Text.Encoding.UTF8.GetString(trained.Model.Card(TrainedText.Bundle(trained.Model).Manifest)["card.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Explanation_covers_the_encoder_and_adds_up()
    {
        var answers = Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(trained.Classifier.Explain(Texts, 1, Cancel)).Value;
        foreach (var explained in answers.Select(a => a.Explanation!))
        {
            Assert.Equal(explained.LogOdds, explained.Bias + explained.Residual + explained.Words.Sum(w => w.Total), 1e-9);
            Assert.All(explained.Words, w => Assert.Equal(w.Linear + w.Network + w.Encoder, w.Total));
        }

        // One word: what the encoder has for it is what taking it out takes away, and nothing is left over.
        var single = answers[4].Explanation!;
        Assert.NotEqual(0, single.Words[0].Encoder);
        Assert.Equal(0, single.Residual, 1e-3);
    }

    [Fact]
    public void Model_whose_encoder_was_changed_never_goes_live()
    {
        var served = trained.Model.Served;
        Assert.Throws<InvalidModelException>(() => TrainedText.Load(trained.Model, Without(EncoderSettings.GraphFile)));
        Assert.Throws<InvalidModelException>(() => TrainedText.Load(trained.Model, With(EncoderSettings.GraphFile, SmallBert.Graph()))); // not as this program writes it
        var settings = TrainedText.Bundle(trained.Model).Read<EncoderSettings>(EncoderSettings.File);
        var narrow = Assert.Throws<InvalidModelException>(() => TrainedText.Load(trained.Model, With(EncoderSettings.File, Json.File(settings with { Dimensions = 16 }))));
        Assert.StartsWith("The encoder's graph must give 'last_hidden_state' of float [n, length, 16]: ", narrow.Message, StringComparison.Ordinal);
        var few = Assert.Throws<InvalidModelException>(() => TrainedText.Load(trained.Model, With(EncoderSettings.File, Json.File(settings with { MostTokens = 8 }))));
        Assert.StartsWith("The encoder reads up to 8 tokens and the contract asks for 32: ", few.Message, StringComparison.Ordinal);

        // Tokens that were swapped: the golden texts tell.
        var vocabulary = System.Text.Encoding.UTF8.GetString(served[EncoderSettings.VocabularyFile]).Split('\n');
        var (card, balance) = (Array.IndexOf(vocabulary, "card"), Array.IndexOf(vocabulary, "balance"));
        (vocabulary[card], vocabulary[balance]) = (vocabulary[balance], vocabulary[card]);
        using var swapped = TrainedText.Load(trained.Model, With(EncoderSettings.VocabularyFile, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', vocabulary))));
        Assert.Throws<InvalidModelException>(swapped.SelfTest);

        Dictionary<string, byte[]> With(string file, byte[] content) => new(served) { [file] = content };
        Dictionary<string, byte[]> Without(string file) => served.Where(f => f.Key != file).ToDictionary();
    }

    [Fact]
    public async Task Drop_whose_encoder_is_missing_or_does_not_fit_its_contract_is_rejected_with_what_to_do()
    {
        var missing = Assert.Single(await RejectedAsync(trained.Contract, null));
        Assert.StartsWith($"The contract's encoder 'small' of version {trained.Encoder.Version} is not there: run 'serverless encoders register FOLDER --name small --actor NAME'", missing, StringComparison.Ordinal);
        var tight = trained.Contract with { Gate = trained.Contract.Gate with { MaxBundleMegabytes = 0.05 }, Encoder = trained.Contract.Encoder! with { MaxTokens = 64 } };
        var faults = await RejectedAsync(tight, trained.Encoder);
        Assert.Matches("^The encoder 'small' has 0\\.[0-9] MB, every model on it holds it, and 'gate.maxBundleMegabytes' lets a model have 0.05 MB: raise that to 17 or more, or name a smaller encoder.$", faults[0]);
        Assert.Equal("The encoder 'small' reads up to 48 tokens and 'encoder.maxTokens' is 64: write 48 or less.", faults[1]);
    }

    [Theory]
    [InlineData("Small", "0123456789abcdef", 128, "'encoder.name' must be the name of a registered encoder")]
    [InlineData("small", "latest", 128, "'encoder.version' must be 16 hexadecimal digits")]
    [InlineData("small", "0123456789abcdef", 4, "'encoder.maxTokens' must lie between 8 and 512")]
    public void Contract_that_names_no_encoder_properly_is_refused(string name, string version, int tokens, string fault)
    {
        var contract = TrainedText.Contract with { Encoder = new() { Name = name, Version = version, MaxTokens = tokens } };
        Assert.StartsWith(fault, Assert.Single(Assert.IsType<Outcome<DataContract>.Rejected>(new TextFamily().ReadContract(Json.File(contract))).Reasons), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> RejectedAsync(TextContract contract, ModelBundle? encoder)
    {
        await using var drop = await DropOf.Text(TrainedText.Csv());
        var read = await new TextTrainer().ReadAsync(contract, drop, DropOf.Context with { BaseModel = (_, _, _, _) => Task.FromResult(encoder) }, new Progress<TrainingProgress>(), Cancel);
        return Assert.IsType<Outcome<TrainingRows>.Rejected>(read.Rows).Reasons;
    }

    /// <summary>The model and what it was made of.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("serverless-encoder-").FullName;

        public ModelBundle Encoder { get; private set; } = null!;

        public TextContract Contract { get; private set; } = null!;

        public TextRows Rows { get; private set; } = null!;

        public TextTrainedModel Model { get; private set; } = null!;

        public TextClassifier Classifier { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Encoder = await SmallBert.ReadAsync(SmallBert.Write(_folder));
            Contract = TrainedText.Contract with { Network = null, Encoder = new() { Name = "small", Version = Encoder.Version, MaxTokens = 32 } };
            await using var drop = await DropOf.Text(TrainedText.Csv());
            var context = DropOf.Context with { BaseModel = (family, name, version, _) => Task.FromResult((family, name, version) == ("encoder", "small", Encoder.Version) ? Encoder : null) };
            var read = await new TextTrainer().ReadAsync(Contract, drop, context, new Progress<TrainingProgress>(), Cancel);
            Rows = (TextRows)Assert.IsType<Outcome<TrainingRows>.Done>(read.Rows).Value;
            Model = TrainedText.Train(Rows);
            Classifier = TrainedText.Load(Model);
        }

        public ValueTask DisposeAsync()
        {
            Classifier.Dispose();
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
