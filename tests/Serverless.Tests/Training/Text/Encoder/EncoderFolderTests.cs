using Google.Protobuf;
using Serverless.Serving;
using Serverless.Serving.Onnx;
using Serverless.Serving.Onnx.Proto;
using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text.Encoder;

public sealed class EncoderFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-encoder-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exported_folder_is_read_and_its_version_depends_on_its_files_alone()
    {
        var encoder = await SmallBert.ReadAsync(SmallBert.Write(_folder));
        Assert.Equal(("encoder", "small"), (encoder.Manifest.Family, encoder.Manifest.Portfolio));
        Assert.Equal(["encoder-licence.txt", "encoder.json", "encoder.onnx", "vocabulary.txt"], encoder.Served.Keys.Order());
        var settings = encoder.Read<EncoderSettings>(EncoderSettings.File);
        Assert.Equal(("bert", SmallBert.Dimensions, SmallBert.Positions, "last_hidden_state", true), (settings.ModelType, settings.Dimensions, settings.MostTokens, settings.Output, settings.TokenTypes));
        var other = Assert.IsType<Outcome<ModelBundle>.Done>(await EncoderFolder.ReadAsync(_folder, "another", DateTimeOffset.UnixEpoch.AddDays(1), Cancel)).Value;
        Assert.Equal(encoder.Version, other.Version);
        await File.AppendAllTextAsync(PathOf("LICENSE"), "Or not.\n", Cancel);
        Assert.NotEqual(encoder.Version, (await SmallBert.ReadAsync(_folder)).Version);
    }

    [Fact]
    public async Task Notes_of_other_programs_are_left_out_and_what_is_stored_passes_the_guard()
    {
        var exported = SmallBert.Graph();
        Assert.Throws<InvalidModelException>(() => OnnxModel.Check(exported, TextEncoder.Operators));
        var stored = (await SmallBert.ReadAsync(SmallBert.Write(_folder))).Read(EncoderSettings.GraphFile);
        OnnxModel.Check(stored.Span, TextEncoder.Operators);
        Assert.Throws<InvalidModelException>(() => OnnxModel.Check(stored.Span)); // the list of other models is shorter
        var graph = ModelProto.Parser.ParseFrom(stored.Span);
        Assert.Equal(("", "", 0), (graph.DocString, graph.Graph.Node[0].DocString, graph.MetadataProps.Count));
    }

    [Fact]
    public async Task Tokenizer_of_vocab_txt_reads_as_that_of_tokenizer_json()
    {
        var json = await SmallBert.ReadAsync(SmallBert.Write(_folder));
        File.Delete(PathOf("tokenizer.json"));
        await File.WriteAllTextAsync(PathOf("vocab.txt"), string.Join('\n', SmallBert.Vocabulary), Cancel);
        await File.WriteAllTextAsync(PathOf("tokenizer_config.json"), """{ "do_lower_case": true, "tokenizer_class": "BertTokenizer", "mask_token": { "content": "[MASK]" } }""", Cancel);
        var text = await SmallBert.ReadAsync(_folder);
        Assert.True(json.Read(EncoderSettings.VocabularyFile).Span.SequenceEqual(text.Read(EncoderSettings.VocabularyFile).Span));
        using TextEncoder one = TextEncoder.Load(json, EncoderPooling.Mean, 32), other = TextEncoder.Load(text, EncoderPooling.Mean, 32);
        foreach (var say in new[] { "My CARD is lost!", "[MASK] кредит", "zzzz" }) Assert.Equal(one.Tokens(say), other.Tokens(say));
        Assert.Equal([2, Id("my"), Id("card"), Id("!"), 3], one.Tokens("MY card!"));

        static int Id(string token) => SmallBert.Vocabulary.ToList().IndexOf(token);
    }

    [Fact]
    public async Task Vector_of_a_text_does_not_depend_on_what_it_is_asked_with()
    {
        using var encoder = TextEncoder.Load(await SmallBert.ReadAsync(SmallBert.Write(_folder)), EncoderPooling.Mean, 32);
        var alone = encoder.Encode(["my card is lost"], Cancel)[0];
        var beside = encoder.Encode(["what is my balance please, it is late", "my card is lost", ""], Cancel);
        Assert.Equal(alone, beside[1], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.NotEqual(alone, beside[0]);
        using var first = TextEncoder.Load(await SmallBert.ReadAsync(_folder), EncoderPooling.Cls, 32);
        Assert.NotEqual(alone, first.Encode(["my card is lost"], Cancel)[0], (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public async Task Every_fault_of_a_folder_is_told_at_once()
    {
        var reasons = await RefusedAsync("Bad Name");
        Assert.Equal(
        [
            "The encoder name must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.",
            "The folder has no config.json: export it with the model.",
            "The folder has neither tokenizer.json nor vocab.txt: export the tokenizer with the model. Tokenizers of other kinds than WordPiece, such as those of RoBERTa and XLM, are not supported.",
            "The folder has no model.onnx: export it with 'optimum-cli export onnx --task feature-extraction', without optimisation or quantisation.",
        ], reasons);
    }

    [Fact]
    public async Task Config_of_another_architecture_or_smaller_than_its_vocabulary_is_refused()
    {
        SmallBert.Write(_folder);
        await File.WriteAllTextAsync(PathOf("config.json"), """{ "model_type": "roberta", "hidden_size": 0, "vocab_size": "many" }""", Cancel);
        var reasons = await RefusedAsync();
        Assert.Equal(4, reasons.Count);
        Assert.StartsWith("config.json says \"model_type\": \"roberta\", and bert, distilbert, ", reasons[0], StringComparison.Ordinal);
        Assert.StartsWith("config.json has no 'hidden_size' between 2 and 4096", reasons[1], StringComparison.Ordinal);
        await File.WriteAllTextAsync(PathOf("config.json"), """{ "model_type": "bert", "hidden_size": 32, "max_position_embeddings": 48, "vocab_size": 20 }""", Cancel);
        Assert.EndsWith("config.json says that the graph knows 20: export vocabulary and graph from the same model.", Assert.Single(await RefusedAsync()), StringComparison.Ordinal);
        await File.WriteAllTextAsync(PathOf("config.json"), """{ "model_type": "bert", "model_type": "bert" }""", Cancel);
        Assert.StartsWith("config.json is no JSON: ", Assert.Single(await RefusedAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"type\": \"WordPiece\"", "\"type\": \"BPE\"", "tokenizer.json is of model 'BPE', and WordPiece is supported (not BPE, Unigram or WordLevel): ")]
    [InlineData("\"type\": \"BertNormalizer\"", "\"type\": \"NFC\"", "tokenizer.json has the normalizer 'NFC', and BertNormalizer is supported: ")]
    [InlineData("\"type\": \"BertPreTokenizer\"", "\"type\": \"ByteLevel\"", "tokenizer.json has the pre_tokenizer 'ByteLevel', and BertPreTokenizer is supported: ")]
    [InlineData("\"type\": \"BertProcessing\"", "\"type\": \"RobertaProcessing\"", "tokenizer.json has a post_processor that does not put one token before a text and one behind it: ")]
    [InlineData("\"lstrip\": false", "\"lstrip\": true", "tokenizer.json has an added token that is not one of the vocabulary's spelled out as it is")]
    [InlineData("\"sep\": [\"[SEP]\"", "\"sep\": [\"</s>\"", "tokenizer.json lacks '</s>': export the tokenizer that the model was trained with.")]
    [InlineData("\"[MASK]\":4", "\"[MASK]\":4444", "tokenizer.json has an added token that is not")]
    [InlineData("\"##z\":", "\"##z2\":9999, \"##z\":", "The ids of the tokens in tokenizer.json are not the numbers from 0 on, each once: ")]
    [InlineData("\"max_input_chars_per_word\": 100", "\"max_input_chars_per_word\": 100000", "tokenizer.json lets a word have 100000 characters, and 1 to 1000 are supported: ")]
    public async Task Tokenizer_that_is_not_followed_to_the_letter_is_refused(string from, string to, string fault)
    {
        SmallBert.Write(_folder);
        var written = SmallBert.Tokenizer();
        Assert.Contains(from, written, StringComparison.Ordinal);
        await File.WriteAllTextAsync(PathOf("tokenizer.json"), written.Replace(from, to, StringComparison.Ordinal), Cancel);
        Assert.Contains(await RefusedAsync(), reason => reason.StartsWith(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "tokenizer_class": "RobertaTokenizer" }""", "tokenizer_config.json names 'RobertaTokenizer', and tokenizers of BERT's kind (WordPiece) are supported: ")]
    [InlineData("""{ "do_basic_tokenize": false }""", "tokenizer_config.json says \"do_basic_tokenize\": false, which is not supported: ")]
    [InlineData("""{ "never_split": ["a"] }""", "tokenizer_config.json has 'never_split', which is not supported: ")]
    [InlineData("[]", "tokenizer_config.json is no JSON object: ")]
    [InlineData("{}", "vocab.txt has the token of line 3 twice: ")]
    [InlineData(null, "The folder has no tokenizer_config.json: ")]
    public async Task Vocabulary_with_unusual_settings_is_refused(string? config, string fault)
    {
        File.Delete(Path.Combine(SmallBert.Write(_folder), "tokenizer.json"));
        await File.WriteAllTextAsync(PathOf("vocab.txt"), "[PAD]\n[UNK]\n[UNK]\n", Cancel);
        if (config is not null) await File.WriteAllTextAsync(PathOf("tokenizer_config.json"), config, Cancel);
        Assert.Contains(await RefusedAsync(), reason => reason.StartsWith(fault, StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Attacks { get; } = new()
    {
        { "external", "The graph is refused: The graph keeps data outside its file, which is not allowed." },
        { "external constant", "The graph is refused: The graph keeps data outside its file, which is not allowed." },
        { "foreign domain", "The graph is refused: Operator 'com.evil:Identity' is not on the list of allowed operators." },
        { "loop", "The graph is refused: Operator ':Loop' is not on the list of allowed operators." },
        { "nested", "The graph is refused: Operator 'Shape' holds a nested graph, which is not allowed." },
        { "function", "The graph is refused: The ONNX file holds parts that are not allowed" },
        { "sparse", "The graph is refused: The ONNX file holds parts that are not allowed" },
        { "reference", "The graph is refused: Operator 'Shape' holds a sparse tensor or a reference" },
        { "chance", "The graph is refused: Operator ':RandomNormalLike' is not on the list of allowed operators." },
        { "fixed length", "The encoder cannot be used: The encoder's graph must take input_ids, attention_mask, token_type_ids of int64 [n, length], both free: " },
        { "other input", "The encoder cannot be used: The encoder's graph must take input_ids, attention_mask, " },
        { "pooled only", "The graph gives no vectors of tokens (float [n, length, dimensions]), but 'last_hidden_state': " },
        { "unmasked", "The graph gives a text another vector when a longer one is asked with it, so that an answer would depend on others: " },
        { "not finite", "The encoder cannot be used: The encoder's graph gives something that is no number: " },
        { "torn", "ONNX Runtime refuses the graph: " },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Graph_that_is_not_safe_or_not_an_encoder_is_refused(string attack, string fault)
    {
        SmallBert.Write(_folder, model => Change(model, attack));
        Assert.StartsWith(fault, Assert.Single(await RefusedAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_that_is_too_large_is_refused_before_it_is_read()
    {
        SmallBert.Write(_folder);
        await using (var file = File.OpenWrite(PathOf("model.onnx"))) file.SetLength(EncoderSettings.MostBytes + (1 << 20)); // sparse: takes no room
        Assert.Equal("The encoder has 241 MB and may have 240 MB, since every model that is built on it holds it: take a smaller one.", Assert.Single(await RefusedAsync()));
        await File.WriteAllTextAsync(PathOf("model.onnx"), "no graph", Cancel);
        Assert.StartsWith("The graph is refused: The graph is not an ONNX file. To mend it, export it with 'optimum-cli", Assert.Single(await RefusedAsync()), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Change(ModelProto model, string attack)
    {
        var node = model.Graph.Node;
        switch (attack)
        {
            case "external":
                model.Graph.Initializer[0].DataLocation = 1;
                model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../../etc/passwd" });
                break;
            case "external constant":
                node.Add(new NodeProto { OpType = "Constant", Output = { "more" }, Attribute = { new AttributeProto { Name = "value", T = new TensorProto { DataLocation = 1 } } } });
                break;
            case "foreign domain": node[^1].Domain = "com.evil"; break;
            case "loop": node[^1].OpType = "Loop"; break;
            case "chance": node[^1].OpType = "RandomNormalLike"; break;
            case "nested": node[0].Attribute.Add(new AttributeProto { Name = "body", G = new GraphProto() }); break;
            case "function": model.Functions.Add(ByteString.CopyFromUtf8("f")); break;
            case "sparse": model.Graph.SparseInitializer.Add(ByteString.CopyFromUtf8("s")); break;
            case "reference": node[0].Attribute.Add(new AttributeProto { Name = "start", RefAttrName = "x" }); break;
            case "fixed length": model.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new() { DimValue = 16 }; break;
            case "other input": model.Graph.Input.Add(new ValueInfoProto(model.Graph.Input[0]) { Name = "more" }); break;
            case "pooled only":
                node[^1].OpType = "ReduceMax";
                node[^1].Input.Add("one");
                node[^1].Attribute.Add(new AttributeProto { Name = "keepdims", I = 0, Type = AttributeProto.Types.AttributeType.Int });
                model.Graph.Output[0].Type.TensorType.Shape.Dim.RemoveAt(1);
                break;
            case "unmasked": model.Graph.Initializer.Single(i => i.Name == "far").RawData = ByteString.CopyFrom(new byte[4]); break;
            case "not finite": model.Graph.Initializer.Single(i => i.Name == "layer0.scale").RawData = ByteString.CopyFrom(BitConverter.GetBytes(float.NaN)); break;
            case "torn": node[^1].Input[0] = "nowhere"; break;
            default: throw new ArgumentException(attack);
        }
    }

    private async Task<IReadOnlyList<string>> RefusedAsync(string name = "small") =>
        Assert.IsType<Outcome<ModelBundle>.Rejected>(await EncoderFolder.ReadAsync(_folder, name, DateTimeOffset.UnixEpoch, Cancel)).Reasons;

    private string PathOf(string file) => Path.Combine(_folder, file);
}
