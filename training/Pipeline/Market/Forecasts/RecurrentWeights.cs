namespace Serverless.Training.Market.Forecasts;

/// <summary>Kinds of recurrent cells.</summary>
internal enum RecurrentCell
{
    /// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997).</summary>
    Lstm,

    /// <summary>Gated recurrent unit (Cho et al. 2014).</summary>
    Gru,
}

/// <summary>The numbers of a trained <see cref="RecurrentNetwork"/>, all row-major, gates in Torch's order.</summary>
/// <param name="Cell">The kind of cell.</param>
/// <param name="Units">Numbers that the cell remembers.</param>
/// <param name="Input">[gates · units, features].</param>
/// <param name="State">[gates · units, units].</param>
/// <param name="InputBiases">[gates · units].</param>
/// <param name="StateBiases">[gates · units].</param>
/// <param name="Symbols">[symbols, <see cref="SymbolNumbers"/>]: what is learned of each symbol.</param>
/// <param name="Output">[units + <see cref="SymbolNumbers"/>, <see cref="Heads"/>].</param>
/// <param name="OutputBiases">[<see cref="Heads"/>].</param>
internal sealed record RecurrentWeights(
    RecurrentCell Cell, int Units, float[] Input, float[] State, float[] InputBiases, float[] StateBiases, float[] Symbols, float[] Output, float[] OutputBiases)
{
    /// <summary>Numbers of a symbol's embedding.</summary>
    public const int SymbolNumbers = 4;

    /// <summary>What is answered: by how much the logarithms of the variance of the next day and of the horizon differ from the linear part, the location in deviations of the horizon, and what the degrees of freedom come from.</summary>
    public const int Heads = 4;

    private const int LocationHead = 2;

    /// <summary>Gates of the cell.</summary>
    public int Gates => GatesOf(Cell);

    /// <summary>Numbers that come in a day.</summary>
    public int Features => Input.Length / (Gates * Units);

    /// <summary>The same without what it says of the location.</summary>
    public RecurrentWeights WithoutLocation() =>
        this with { Output = [.. Output.Select((w, i) => i % Heads == LocationHead ? 0 : w)], OutputBiases = [.. OutputBiases.Select((b, i) => i == LocationHead ? 0 : b)] };

    /// <summary>Where training begins: drawn by chance (Glorot and Bengio 2010); the answer begins at the linear part itself, with a drift of 0.</summary>
    public static RecurrentWeights Draw(RecurrentCell cell, int features, int symbols, int units, double firstFreedom, Random random)
    {
        var rows = GatesOf(cell) * units;
        return new(
            cell, units, Uniform(rows * features, Math.Sqrt(3.0 / (features + units))), Uniform(rows * units, Math.Sqrt(3.0 / (2 * units))), new float[rows], new float[rows],
            Uniform(symbols * SymbolNumbers, 0.1), new float[(units + SymbolNumbers) * Heads], [0, 0, 0, (float)firstFreedom]);

        float[] Uniform(int count, double bound)
        {
            var numbers = new float[count];
            for (var i = 0; i < count; i++) numbers[i] = (float)(((random.NextDouble() * 2) - 1) * bound);
            return numbers;
        }
    }

    private static int GatesOf(RecurrentCell cell) => cell == RecurrentCell.Lstm ? 4 : 3;
}
