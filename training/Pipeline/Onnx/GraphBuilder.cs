using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Serverless.Serving.Onnx;
using Serverless.Serving.Onnx.Proto;

namespace Serverless.Training.Onnx;

/// <summary>Element types of ONNX tensors, with the standard's numbers.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names of the ONNX standard")]
public enum ElementType
{
    /// <summary>32-bit floating point.</summary>
    Float = 1,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 7,

    /// <summary>64-bit floating point.</summary>
    Double = 11,
}

/// <summary>
/// Writes one ONNX graph (operator set 21, IR version 10), node by node in execution order. Names of values are given by the caller
/// and must be unique; nothing is named by chance, so the same calls give the same bytes.
/// </summary>
public sealed class GraphBuilder(string name)
{
    private const int UInt8 = 2; // the standard's number

    private readonly GraphProto _graph = new() { Name = name };

    /// <summary>Adds an input of the graph.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">A number for a fixed dimension, a name for a free one such as "n".</param>
    /// <returns><paramref name="input"/>, to pass on.</returns>
    public string Input(string input, ElementType type, params ReadOnlySpan<object> shape)
    {
        _graph.Input.Add(Value(input, type, shape));
        return input;
    }

    /// <summary>Declares a computed value as an output of the graph; arguments as for <see cref="Input"/>.</summary>
    public void Output(string output, ElementType type, params ReadOnlySpan<object> shape) =>
        _graph.Output.Add(Value(output, type, shape));

    /// <summary>Adds constant data: <c>float</c>, <c>double</c> or <c>long</c>, row-major.</summary>
    /// <returns><paramref name="constant"/>, to pass on.</returns>
    /// <exception cref="ArgumentException">The number of values does not fit the shape, or the type is another one.</exception>
    public string Constant<T>(string constant, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        long size = 1;
        foreach (var dimension in shape) size *= dimension;
        if (size != values.Length) throw new ArgumentException($"{values.Length} values do not fit the shape of '{constant}' ({size}).");
        var type = typeof(T) == typeof(float) ? ElementType.Float
            : typeof(T) == typeof(double) ? ElementType.Double
            : typeof(T) == typeof(long) ? ElementType.Int64
            : throw new ArgumentException($"Element type {typeof(T).Name} is not supported.");
        var tensor = new TensorProto { Name = constant, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        foreach (var dimension in shape) tensor.Dims.Add(dimension);
        _graph.Initializer.Add(tensor);
        return constant;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">The operator of the standard set.</param>
    /// <param name="output">The name of its result.</param>
    /// <param name="inputs">The names of its inputs, in order.</param>
    /// <param name="attributes">Integer attributes by name.</param>
    /// <returns><paramref name="output"/>, to pass on.</returns>
    public string Node(string operation, string output, string[] inputs, params ReadOnlySpan<(string Name, long Value)> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.Add(inputs);
        node.Output.Add(output);
        foreach (var (attribute, value) in attributes)
            node.Attribute.Add(new AttributeProto { Name = attribute, I = value, Type = AttributeProto.Types.AttributeType.Int });
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds a convolution over the last two dimensions.</summary>
    /// <param name="output">The name of its result, [n, outputs, height, width].</param>
    /// <param name="inputs">Names of what comes in [n, inputs, height, width], of the kernels [outputs, inputs, side, side] and of the biases [outputs].</param>
    /// <param name="stride">Pixels from one place to the next, on both sides.</param>
    /// <param name="padding">Rows and columns of zeros that are added on each side.</param>
    /// <returns><paramref name="output"/>, to pass on.</returns>
    public string Convolution(string output, string[] inputs, long stride, long padding)
    {
        Node("Conv", output, inputs);
        _graph.Node[^1].Attribute.Add(new AttributeProto { Name = "strides", Ints = { stride, stride }, Type = AttributeProto.Types.AttributeType.Ints });
        _graph.Node[^1].Attribute.Add(new AttributeProto { Name = "pads", Ints = { padding, padding, padding, padding }, Type = AttributeProto.Types.AttributeType.Ints });
        return output;
    }

    /// <summary>Adds a recurrent layer (<c>LSTM</c> or <c>GRU</c>) over the first dimension, of which only the last state is wanted.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="output">The name of the last state, [1, n, units].</param>
    /// <param name="inputs">Names of the values over time [time, n, features], of their weights [1, gates · units, features], of those of the state [1, gates · units, units], and of the biases of both [1, 2 · gates · units].</param>
    /// <param name="attributes">Integer attributes by name, among them <c>hidden_size</c>.</param>
    /// <returns><paramref name="output"/>, to pass on.</returns>
    public string LastState(string operation, string output, string[] inputs, params ReadOnlySpan<(string Name, long Value)> attributes)
    {
        Node(operation, output, inputs, attributes);
        _graph.Node[^1].Output.Insert(0, ""); // the states of all times, which nobody reads
        return output;
    }

    /// <summary>Adds trees (<c>TreeEnsemble</c> of ai.onnx.ml, version 5) with one output, double [n, targets].</summary>
    /// <param name="output">The name of its result.</param>
    /// <param name="input">The name of its input, double [n, features].</param>
    /// <param name="integers">Attributes that are one integer.</param>
    /// <param name="lists">Attributes that are lists of integers.</param>
    /// <param name="reals">Attributes that are lists of doubles.</param>
    /// <param name="modes">The attribute <c>nodes_modes</c>.</param>
    /// <returns><paramref name="output"/>, to pass on.</returns>
    public string Trees(
        string output, string input, IEnumerable<(string Name, long Value)> integers, IEnumerable<(string Name, IReadOnlyList<long> Values)> lists,
        IEnumerable<(string Name, double[] Values)> reals, byte[] modes)
    {
        var node = new NodeProto { Domain = OnnxModel.TreeDomain, OpType = OnnxModel.TreeOperator, Name = output, Input = { input }, Output = { output } };
        node.Attribute.Add(integers.Select(a => new AttributeProto { Name = a.Name, I = a.Value, Type = AttributeProto.Types.AttributeType.Int }));
        node.Attribute.Add(lists.Select(a => new AttributeProto { Name = a.Name, Ints = { a.Values }, Type = AttributeProto.Types.AttributeType.Ints }));
        node.Attribute.Add(reals.Select(a => Tensor(a.Name, (int)ElementType.Double, a.Values.Length, MemoryMarshal.AsBytes<double>(a.Values))));
        node.Attribute.Add(Tensor("nodes_modes", UInt8, modes.Length, modes));
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>The finished ONNX file.</summary>
    public byte[] ToBytes()
    {
        var model = new ModelProto
        {
            IrVersion = 10,
            ProducerName = "serverless",
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 21 } },
        };
        if (_graph.Node.Any(n => n.Domain == OnnxModel.TreeDomain)) model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxModel.TreeDomain, Version = 5 });
        return model.ToByteArray();
    }

    private static AttributeProto Tensor(string name, int type, int length, ReadOnlySpan<byte> values) => new()
    {
        Name = name,
        Type = AttributeProto.Types.AttributeType.Tensor,
        T = new TensorProto { Dims = { length }, DataType = type, RawData = ByteString.CopyFrom(values) },
    };

    private static ValueInfoProto Value(string name, ElementType type, ReadOnlySpan<object> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var dimension in shape)
        {
            dimensions.Dim.Add(dimension is string free
                ? new TensorShapeProto.Types.Dimension { DimParam = free }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dimension, null) });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
