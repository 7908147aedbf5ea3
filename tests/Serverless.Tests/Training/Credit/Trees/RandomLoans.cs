using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit.Trees;

/// <summary>Loans drawn at random, with missing values, special codes, rare categories, and outcomes that depend on all of it.</summary>
internal static class RandomLoans
{
    public static CreditRows Rows(int count, int seed, Monotone income = Monotone.Decreasing)
    {
        var random = new Random(seed);
        var contract = new CreditContract
        {
            Family = "credit",
            Portfolio = "random",
            Version = "1",
            Bad = ["1"],
            Columns =
            [
                new() { Name = "income", Type = ColumnType.Number, Special = ["-9", "-8"], Monotone = income },
                new() { Name = "age", Type = ColumnType.Number },
                new() { Name = "purpose", Type = ColumnType.Category },
                new() { Name = "since", Type = ColumnType.Date },
                new() { Name = "bad", Type = ColumnType.Number, Role = ColumnRole.Target },
            ],
        };
        var (incomes, incomeCodes, ages, purposes, days, dayCodes) = (new double[count], new int[count], new double[count], new int[count], new double[count], new int[count]);
        var bad = new bool[count];
        for (var i = 0; i < count; i++)
        {
            incomeCodes[i] = random.NextDouble() switch { < 0.1 => InputColumn.Missing, < 0.2 => InputColumn.Special(0), < 0.25 => InputColumn.Special(1), _ => 0 };
            incomes[i] = incomeCodes[i] < 0 ? 0 : Math.Round(Math.Exp(random.NextDouble() * 4), 2);
            ages[i] = random.Next(18, 80);
            purposes[i] = random.NextDouble() < 0.05 ? InputColumn.Missing : (int)(100 * Math.Pow(random.NextDouble(), 3));
            dayCodes[i] = random.NextDouble() < 0.3 ? InputColumn.Missing : 0;
            days[i] = dayCodes[i] < 0 ? 0 : random.Next(0, 4000);
            var risk = -1 - (incomeCodes[i] == 0 ? Math.Log(incomes[i]) / 2 : incomeCodes[i] * 0.3) + (Math.Abs(ages[i] - 45) / 20) + (purposes[i] % 3 * 0.7) + (dayCodes[i] < 0 && ages[i] > 50 ? 1 : 0);
            bad[i] = random.NextDouble() < 1 / (1 + Math.Exp(-risk));
        }

        string[] values = [.. Enumerable.Range(0, 100).Select(v => $"purpose {v}")];
        return new CreditRows(
            contract,
            [
                new InputColumn(contract.Columns[0], incomes, incomeCodes, []), new InputColumn(contract.Columns[1], ages, new int[count], []),
                new InputColumn(contract.Columns[2], [], purposes, values), new InputColumn(contract.Columns[3], days, dayCodes, []),
            ],
            bad, [.. Enumerable.Range(0, count).Select(i => (ulong)i * 0x9E3779B97F4A7C15)], [], 0);
    }
}
