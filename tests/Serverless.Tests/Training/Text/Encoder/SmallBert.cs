using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Serverless.Serving;
using Serverless.Serving.Onnx.Proto;
using Serverless.Training.Onnx;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text.Encoder;

/// <summary>A BERT of two layers with drawn weights, as a folder such as Hugging Face's exporter writes.</summary>
internal static class SmallBert
{
    public const int Dimensions = 32, Positions = 48;

    private const int Layers = 2, Heads = 4, Inner = 64;

    /// <summary>The five marks, the words of <see cref="TrainedText"/>, and every letter as a piece.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
        .. TrainedText.Csv().Split(['\n', ',', ' ', '_'], StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal),
        .. "abcdefghijklmnopqrstuvwxyz".Select(letter => $"##{letter}"),
        "!", "?", ".", ",",
    ];

    /// <summary>Writes the folder with <c>tokenizer.json</c>.</summary>
    /// <param name="folder">Is created.</param>
    /// <param name="change">What is otherwise in the graph.</param>
    public static string Write(string folder, Action<ModelProto>? change = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""{ "model_type": "bert", "hidden_size": {{Dimensions}}, "max_position_embeddings": {{Positions}}, "vocab_size": {{Vocabulary.Count}}, "num_hidden_layers": {{Layers}} }""");
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer());
        File.WriteAllText(Path.Combine(folder, "LICENSE"), "Drawn by chance; do what you like with it.\n");
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), Graph(change));
        return folder;
    }

    /// <summary>Reads it as registering does.</summary>
    public static async Task<ModelBundle> ReadAsync(string folder) =>
        Assert.IsType<Outcome<ModelBundle>.Done>(await EncoderFolder.ReadAsync(folder, "small", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken)).Value;

    /// <summary>Its tokenizer, lower-casing.</summary>
    public static string Tokenizer(string model = "WordPiece")
    {
        var vocabulary = JsonSerializer.Serialize(Vocabulary.Index().ToDictionary(t => t.Item, t => t.Index));
        var added = string.Join(", ", Vocabulary.Take(5).Select((token, id) => $$"""{ "id": {{id}}, "content": "{{token}}", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }"""));
        return $$"""
            {
              "version": "1.0", "truncation": null, "padding": null, "added_tokens": [{{added}}],
              "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true },
              "pre_tokenizer": { "type": "BertPreTokenizer" },
              "post_processor": { "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] },
              "model": { "type": "{{model}}", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {{vocabulary}} }
            }
            """;
    }

    /// <summary>The graph as another program writes it: with notes beside it that this program does not keep.</summary>
    public static byte[] Graph(Action<ModelProto>? change = null)
    {
        var model = ModelProto.Parser.ParseFrom(new Layout(new Random(7)).Write());
        foreach (var node in model.Graph.Node.Where(n => n.OpType == "Transpose"))
            node.Attribute.Add(new AttributeProto { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 0, 2, node.Name.EndsWith("keys", StringComparison.Ordinal) ? 3 : 1, node.Name.EndsWith("keys", StringComparison.Ordinal) ? 1 : 3 } });
        model.ProducerName = "pytorch";
        model.DocString = "exported";
        model.MetadataProps.Add(new StringStringEntryProto { Key = "source", Value = "line 1" });
        model.Graph.Node[0].DocString = "a note";
        change?.Invoke(model);
        return [.. model.ToByteArray(), .. UnknownField()];
    }

    // Field 99, a string: a later version of the format may have it.
    private static byte[] UnknownField() => [0x9A, 0x06, 4, .. Encoding.ASCII.GetBytes("note")];

    private sealed class Layout(Random random)
    {
        private readonly GraphBuilder _graph = new("main_graph");

        public byte[] Write()
        {
            var (ids, mask, types) = (_graph.Input("input_ids", ElementType.Int64, "batch", "sequence"), _graph.Input("attention_mask", ElementType.Int64, "batch", "sequence"), _graph.Input("token_type_ids", ElementType.Int64, "batch", "sequence"));
            var (zero, one, two) = (_graph.Constant<long>("zero", [0], 1), _graph.Constant<long>("one", [1], 1), _graph.Constant<long>("two", [2], 1));
            var length = _graph.Node("Slice", "length", [_graph.Node("Shape", "shape", [ids]), one, two, zero]);
            var positions = _graph.Node("Slice", "positions", [Drawn("positionTable", Positions, Dimensions), zero, length, zero]);
            var words = _graph.Node("Add", "words", [_graph.Node("Gather", "wordRows", [Drawn("wordTable", Vocabulary.Count, Dimensions), ids], ("axis", 0)), _graph.Node("Gather", "typeRows", [Drawn("typeTable", 2, Dimensions), types], ("axis", 0))]);
            var state = Normal("embedding", _graph.Node("Add", "placed", [words, positions]));
            var there = _graph.Node("Unsqueeze", "there", [_graph.Node("Cast", "maskNumbers", [mask], ("to", 1)), _graph.Constant<long>("middle", [1, 2], 2)]);
            var hidden = _graph.Node("Mul", "hidden", [_graph.Node("Sub", "absent", [_graph.Constant<float>("ones", [1f]), there]), _graph.Constant<float>("far", [-10_000f])]);
            for (var layer = 0; layer < Layers; layer++) state = Layer($"layer{layer}.", state, hidden);
            _graph.Node("Identity", "last_hidden_state", [state]);
            _graph.Output("last_hidden_state", ElementType.Float, "batch", "sequence", Dimensions);
            return _graph.ToBytes();
        }

        private string Layer(string at, string state, string hidden)
        {
            var heads = _graph.Constant<long>($"{at}heads", [0, 0, Heads, Dimensions / Heads], 4);
            string Split(string part) => _graph.Node("Transpose", $"{at}{part}", [_graph.Node("Reshape", $"{at}{part}Split", [Dense($"{at}{part}Dense", state, Dimensions, Dimensions), heads])]);
            var products = _graph.Node("Mul", $"{at}scaled", [_graph.Node("MatMul", $"{at}products", [Split("queries"), Split("keys")]), _graph.Constant<float>($"{at}scale", [1 / MathF.Sqrt(Dimensions / (float)Heads)])]);
            var attention = _graph.Node("Softmax", $"{at}attention", [_graph.Node("Add", $"{at}masked", [products, hidden])], ("axis", -1));
            var mixed = _graph.Node("Transpose", $"{at}mixed", [_graph.Node("MatMul", $"{at}weighed", [attention, Split("values")])]);
            var joined = _graph.Node("Reshape", $"{at}joined", [mixed, _graph.Constant<long>($"{at}whole", [0, 0, Dimensions], 3)]);
            var attended = Normal($"{at}attended", _graph.Node("Add", $"{at}first", [state, Dense($"{at}out", joined, Dimensions, Dimensions)]));
            var inner = Dense($"{at}inner", attended, Dimensions, Inner);
            var erf = _graph.Node("Erf", $"{at}erf", [_graph.Node("Div", $"{at}root", [inner, _graph.Constant<float>($"{at}root2", [MathF.Sqrt(2)])])]);
            var gelu = _graph.Node("Mul", $"{at}gelu", [_graph.Node("Mul", $"{at}half", [inner, _graph.Constant<float>($"{at}halves", [0.5f])]), _graph.Node("Add", $"{at}raised", [erf, _graph.Constant<float>($"{at}unit", [1f])])]);
            return Normal($"{at}state", _graph.Node("Add", $"{at}second", [attended, Dense($"{at}outer", gelu, Inner, Dimensions)]));
        }

        private string Dense(string name, string input, int rows, int columns) =>
            _graph.Node("Add", name, [_graph.Node("MatMul", $"{name}Product", [input, Drawn($"{name}Weights", rows, columns)]), Drawn($"{name}Biases", columns)]);

        private string Normal(string name, string input)
        {
            var ones = _graph.Constant<float>($"{name}Gains", [.. Enumerable.Repeat(1f, Dimensions)], Dimensions);
            return _graph.Node("LayerNormalization", name, [input, ones, Drawn($"{name}Shifts", Dimensions)], ("axis", -1));
        }

        private string Drawn(string name, params long[] shape)
        {
            var spread = shape.Length == 1 ? 0.02f : 2 / MathF.Sqrt(shape[0] > Inner ? 1 : shape[0]);
            var values = new float[shape.Aggregate((a, b) => a * b)];
            for (var i = 0; i < values.Length; i++) values[i] = spread * ((2 * random.NextSingle()) - 1);
            return _graph.Constant<float>(name, values, shape);
        }
    }
}
