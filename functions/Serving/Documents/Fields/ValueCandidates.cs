using System.Globalization;

namespace Serverless.Serving.Documents;

/// <summary>Dates, amounts and account numbers, with the words beside them.</summary>
internal static class ValueCandidates
{
    // Amounts beside one kind of words that are added up with others: a page that says more would cost more time than it is worth.
    private const int MostSaid = 40;

    /// <summary>Dates of a page.</summary>
    public static IEnumerable<Candidate> Dates(PageLayout page, PaperKind? kind)
    {
        foreach (var (i, date) in page.Dates.All.Index())
        {
            var bag = new FeatureBag();
            Surroundings.Add(bag, page, date.Line, date.Start, kind);
            Position(bag, page, date.Line, date.Start);
            bag.Add(FormNames[(int)date.Form]);
            bag.AddIf(i == 0, "first");
            bag.AddIf(i == page.Dates.All.Count - 1, "last");
            bag.Band("dates", page.Dates.All.Count, 2, 3, 5, 8);
            bag.AddIf(date.Line.Signs.Has(LineSign.Time), "time in line");
            bag.AddIf(page.Dates.In(date.Line).Count > 1, "another in line");
            bag.AddIf(page.Dates.All.Count(d => d.Day == date.Day) > 1, "occurs again");
            bag.AddIf(page.Dates.All.All(d => d.Day <= date.Day), "latest");
            bag.AddIf(page.Dates.All.All(d => d.Day >= date.Day), "earliest");
            bag.AddIf(date.Day.Year is < 1995 or > 2035, "unlikely year");
            bag.AddIf(date.Line.Left < page.Left + (0.05 * page.Width) && page.Money.All.Any(a => a.Line.Row == date.Line.Row), "entry of a table");
            bag.AddIf(page.Dates.All.Count(d => d != date && Math.Abs(d.Line.At(d.Start) - date.Line.At(date.Start)) < page.Unit) > 2, "column of dates");
            yield return new([new(date.Line, date.Start, date.Length)], date.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), bag.All);
        }
    }

    /// <summary>Amounts of a page.</summary>
    public static IEnumerable<Candidate> Totals(PageLayout page, PaperKind? kind)
    {
        var all = page.Money.All;
        var proper = all.Where(a => a.Decimals || !page.Money.Cents).ToList();
        var most = proper.Select(a => a.Value).DefaultIfEmpty().Max();
        var unpaid = proper.Where(a => !page.InRow[a.Line.Row].SelectMany(l => l.Hits).Any(h => h.Keyword is Keyword.Cash or Keyword.Change or Keyword.Card)).Select(a => a.Value).DefaultIfEmpty().Max();
        var values = proper.Select(a => a.Value).Distinct().ToHashSet();
        List<decimal> Said(params Keyword[] words) => [.. proper.Where(a => page.InRow[a.Line.Row].SelectMany(l => l.Hits).Any(h => words.Contains(h.Keyword))).Select(a => a.Value).Distinct().Take(MostSaid)];
        var (cash, change, net, tax, rounding) = (Said(Keyword.Cash, Keyword.Card), Said(Keyword.Change, Keyword.Balance), Said(Keyword.Subtotal, Keyword.Net, Keyword.Exclusive, Keyword.Total), Said(Keyword.Tax, Keyword.Service), Said(Keyword.Rounding));
        var rightmost = proper.Where(a => page.Money.In(a.Line)[^1] == a && page.InRow[a.Line.Row].Last(l => page.Money.In(l).Count > 0) == a.Line).ToList();
        var (gross, minus) = (Said(Keyword.Gross), Said(Keyword.Deductions));
        foreach (var (i, amount) in all.Index())
        {
            var (bag, value, at) = (new FeatureBag(), amount.Value, rightmost.IndexOf(amount));
            Surroundings.Add(bag, page, amount.Line, amount.Start, kind);
            Position(bag, page, amount.Line, amount.Start);
            bag.AddIf(!amount.Decimals && page.Money.Cents, "whole");
            bag.AddIf(InBrackets(amount), "in brackets");
            bag.AddIf(amount.Line.Text.IndexOf('%', StringComparison.Ordinal) is var rate and >= 0 && rate < amount.Start, "percent before");
            bag.AddIf(amount.Currency is not null, "currency");
            bag.AddIf(value <= 0, "not above zero");
            bag.AddIf(value == most, "largest");
            bag.AddIf(value == unpaid, "largest unpaid");
            bag.AddIf(value < most / 4, "small");
            bag.Band("occurs", proper.Count(a => a.Value == value), 2, 3, 4);
            bag.Band("from last", all.Count - 1 - i, 1, 2, 3, 5, 9);
            bag.Band("height", amount.Line.Height / page.Unit, 0.9, 1.12, 1.3);
            bag.AddIf(page.Money.In(amount.Line)[^1] == amount && page.InRow[amount.Line.Row].Last() == amount.Line, "last in row");
            bag.Band("in row", page.InRow[amount.Line.Row].Sum(l => page.Money.In(l).Count), 2, 3);
            bag.AddIf(cash.Any(c => c > value && change.Contains(c - value)), "cash less change");
            bag.AddIf(cash.Contains(value) && change.Contains(0), "paid exactly");
            bag.AddIf(net.Any(n => n != value && tax.Contains(value - n)), "net and tax");
            bag.AddIf(net.Any(n => tax.Any(t => rounding.Any(r => r != 0 && Math.Abs(n + t - value) == Math.Abs(r)))), "net, tax and rounding");
            bag.AddIf(cash.Count > 1 && cash.Sum() == value, "payments together");
            bag.AddIf(Sums(rightmost, at), "sum of those above");
            bag.AddIf(Paid(rightmost, at), "paid less change, without words");
            bag.AddIf(rounding.Any(r => r != 0 && Math.Abs(r) < 0.06m && (values.Contains(value - r) || values.Contains(value + r))), "rounded");
            bag.AddIf(gross.Any(g => minus.Contains(g - value)), "gross less deductions");
            bag.AddIf(page.Lines.Any(l => l.Row > amount.Line.Row && l.Hits.Any(h => h.Keyword is Keyword.GrandTotal or Keyword.Total or Keyword.Rounded or Keyword.NetPay or Keyword.ClosingBalance)), "a total below");
            bag.AddIf(page.Lines.Any(l => l.Row > amount.Line.Row && l.Hits.Any(h => h.Keyword is Keyword.Rounding)), "rounding below");
            bag.AddIf(page.Lines.Any(l => l.Row > amount.Line.Row && l.Hits.Any(h => h.Keyword is Keyword.Cash or Keyword.Card or Keyword.Change)), "payment below");
            bag.AddIf(page.Has(Keyword.Rounded), "page has rounded");
            yield return new([new(amount.Line, amount.Start, amount.Length)], value.ToString(amount.Decimals ? "0.00" : "0", CultureInfo.InvariantCulture), bag.All) { Currency = amount.Currency ?? page.Money.Currency };
        }
    }

    /// <summary>National account numbers.</summary>
    public static IEnumerable<Candidate> Accounts(PageLayout page, PaperKind? kind)
    {
        foreach (var found in AccountNumbers.National(page, [.. AccountNumbers.Ibans(page)]))
        {
            var bag = new FeatureBag();
            Surroundings.Add(bag, page, found.Line, found.Start, kind);
            Position(bag, page, found.Line, found.Start);
            bag.Band("digits", found.Plain.Length, 6, 7, 8, 9, 10, 12, 14);
            bag.AddIf(found.Length > found.Plain.Length, "groups");
            bag.AddIf(found.Length == found.Line.Text.Trim().Length, "alone in line");
            bag.AddIf(found.Line.Signs.Has(LineSign.Phone), "telephone");
            bag.AddIf(found.Line.Signs.Has(LineSign.Registration), "registration");
            bag.AddIf(found.Line.Signs.Has(LineSign.Postcode) && found.Plain.Length is 5 or 6, "postcode");
            yield return new([new(found.Line, found.Start, found.Length)], found.Plain, bag.All);
        }
    }

    /// <summary>International account numbers; those whose check fails go to a person.</summary>
    public static IEnumerable<Candidate> Ibans(PageLayout page, PaperKind? kind)
    {
        foreach (var (i, found) in AccountNumbers.Ibans(page).Index())
        {
            var bag = new FeatureBag();
            Surroundings.Add(bag, page, found.Line, found.Start, kind);
            bag.AddIf(found.Valid, "check holds");
            bag.AddIf(i == 0, "first");
            yield return new([new(found.Line, found.Start, found.Length)], found.Plain, bag.All) { Doubtful = !found.Valid };
        }
    }

    // Of the rows right above an amount, two or more in one column add up to it, as goods, taxes and rounding do.
    private static bool Sums(List<FoundAmount> rightmost, int at)
    {
        var sum = 0m;
        for (var i = at - 1; i >= 0; i--)
        {
            sum += rightmost[i].Value;
            if (i < at - 1 && sum == rightmost[at].Value) return true;
        }

        return false;
    }

    // The next two rows are what was given and what was given back.
    private static bool Paid(List<FoundAmount> rightmost, int at) =>
        at >= 0 && at + 2 < rightmost.Count && rightmost[at].Value > 0 && rightmost[at + 2].Value > 0 && rightmost[at + 1].Value - rightmost[at + 2].Value == rightmost[at].Value;

    // As what a tip would come to.
    private static bool InBrackets(FoundAmount amount) => amount.Line.Text.AsSpan(0, amount.Start) is var before && before.LastIndexOf('(') > before.LastIndexOf(')');

    private static readonly string[] FormNames = [.. Enum.GetNames<DateForm>().Select(n => "form:" + n)];

    private static void Position(FeatureBag bag, PageLayout page, PageLine line, int start)
    {
        bag.Band("from top", (line.MiddleY - page.Top) / page.Height, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92);
        bag.Band("from left", (line.At(start) - page.Left) / page.Width, 0.1, 0.3, 0.55, 0.75);
    }
}
