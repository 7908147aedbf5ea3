using System.Diagnostics;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>What a new model shows when it is loaded as it will be served.</summary>
/// <param name="LatencyMs">Median milliseconds of an answer.</param>
/// <param name="Bytes">Bytes of the served files.</param>
/// <param name="Directed">Columns whose direction the contract states.</param>
/// <param name="Broken">Those of them along which the served answers go the other way somewhere.</param>
public sealed record ServedFigures(double LatencyMs, long Bytes, int Directed, IReadOnlyList<string> Broken)
{
    private const int Asked = 101;

    /// <summary>The answers to the cases that the contract states.</summary>
    public IReadOnlyList<CaseAnswer> Cases { get; init; } = [];

    /// <summary>Measures.</summary>
    public static ServedFigures Of(TrainedModel trained, IServedModel served)
    {
        var times = new double[Asked];
        trained.Ask(served); // the first one prepares
        for (var i = 0; i < times.Length; i++)
        {
            var began = Stopwatch.GetTimestamp();
            trained.Ask(served);
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(times);
        var (directed, broken) = trained.Sweep(served);
        return new(times[Asked / 2], trained.Served.Values.Sum(f => (long)f.Length), directed, broken) { Cases = trained.AskCases(served) };
    }
}

/// <summary>The answer to a case of the contract: an input whose answer is known.</summary>
/// <param name="Case">What reports call it, without its input.</param>
/// <param name="Expected">What the contract says.</param>
/// <param name="Answered">What the model says.</param>
/// <param name="Passed">Whether they agree.</param>
public sealed record CaseAnswer(string Case, string Expected, string Answered, bool Passed);
