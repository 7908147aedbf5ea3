using System.Globalization;
using System.Text;
using Serverless.Training.Text;

namespace Serverless.Training.Samples;

/// <summary>Chance, from a seed and the number of a document alone: a document is the same however many are made.</summary>
internal sealed class Draws(Random random)
{
    /// <summary>Chance for a document.</summary>
    public static Draws For(int document, int seed) => new(new Random((int)(SplitMix.Of((ulong)document, seed) & int.MaxValue)));

    /// <summary>True in a share of cases.</summary>
    public bool Chance(double share) => random.NextDouble() < share;

    /// <summary>From the first to the last, both included.</summary>
    public int Between(int first, int last) => random.Next(first, last + 1);

    /// <summary>From the first to below the last.</summary>
    public double Between(double first, double last) => first + ((last - first) * random.NextDouble());

    /// <summary>About normal, with mean 0 and deviation 1.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>One of several.</summary>
    public T Pick<T>(params IReadOnlyList<T> several) => several[random.Next(several.Count)];

    /// <summary>Another chance that depends on this one alone.</summary>
    public Draws Fork() => new(new Random(random.Next()));

    /// <summary>Changes the order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> several)
    {
        T[] all = [.. several];
        random.Shuffle(all);
        return [.. all];
    }

    /// <summary>A pattern with chance in it: <c>#</c> is a digit, <c>%</c> one that is not 0, <c>@</c> a capital, <c>*</c> either, <c>~</c> the sign #.</summary>
    public string Fill(string pattern)
    {
        var filled = new StringBuilder(pattern.Length);
        foreach (var sign in pattern)
        {
            filled.Append(sign switch
            {
                '#' => (char)('0' + random.Next(10)),
                '~' => '#',
                '%' => (char)('1' + random.Next(9)),
                '@' => "ABCDEFGHJKLMNPQRSTUVWXYZ"[random.Next(24)],
                '*' => "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"[random.Next(33)],
                _ => sign,
            });
        }

        return filled.ToString();
    }

    /// <summary>An amount with two decimals.</summary>
    public decimal Money(double least, double most) => Math.Round((decimal)Math.Exp(Between(Math.Log(least), Math.Log(most))), 2);

    /// <summary>A day of the years 2008 to 2027.</summary>
    public DateOnly Day() => new DateOnly(2008, 1, 1).AddDays(random.Next(7_300));

    /// <summary>A time of a day of trade.</summary>
    public string Time()
    {
        var (hour, minute, second) = (Between(7, 22), Between(0, 59), Between(0, 59));
        return Between(0, 3) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}"),
            1 => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}:{second:00}"),
            2 => string.Create(CultureInfo.InvariantCulture, $"{((hour + 11) % 12) + 1}:{minute:00} {(hour < 12 ? "AM" : "PM")}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{((hour + 11) % 12) + 1:00}:{minute:00}:{second:00} {(hour < 12 ? "AM" : "PM")}"),
        };
    }
}
