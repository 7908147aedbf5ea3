using System.Globalization;
using Serverless.Serving.Text;

namespace Serverless.Tests.Serving.Text.Redactions;

/// <summary>Whatever stands around a valid value, and however its digits are written, it does not come through.</summary>
public class RedactionPropertyTests
{
    private const int Texts = 2000;
    private static readonly Redactor Redactor = new(new RedactionRules());
    private static readonly string[] Around =
        ["", "my number is ", "，请帮忙", "déjà vu ", "order 12345, ", "since 2024-11-20 ", " and $1,250.00", "🙂", "\r\n", "( ", " )", "\"", "привет ", "مرحبا ", ": ", "; thanks.", "x = ", " card ", " 12/27", "!", "?", "..."];
    private static readonly string[] Invisible = ["", "", "", "\u200B", "\u00AD", "\u2060", "\uFE0F"];

    private readonly Random _random = new(20261124);

    [Fact]
    public void No_card_number_survives() => Survives("card", () => Grouped(Card(), [" ", "-", "", ".", "\u00A0", "\r\n", "\u2011", " - "]), "", "");

    [Fact]
    public void No_account_number_survives() => Survives("iban", () => Grouped(Iban(), [" ", "", "-", "\u2003", "\n"]), "", "");

    [Fact]
    public void No_address_survives() => Survives("email", Email, " ", " ");

    [Fact]
    public void No_telephone_number_survives() => Survives("", Phone, " ", " ");

    [Fact]
    public void No_identifier_survives() => Survives("", Id, " ", " ");

    // Telephone and other numbers may make up a valid card number with digits that stand before them: then it is one that is found.
    // What is left of a value: its digits in a row, whatever is between them.
    private void Survives(string kind, Func<string> value, string before, string behind)
    {
        for (var i = 0; i < Texts; i++)
        {
            var secret = value();
            var (left, right) = (Pick(Around) + Pick(Around) + before, behind + Pick(Around) + Pick(Around));
            if (left.Length > 0 && char.IsDigit(left[^1])) left += "; "; // digits right beside a number are of it
            var text = left + secret + right;
            var redacted = Redactor.Redact(text);
            Assert.True(!Plain(redacted.Text).Contains(Plain(secret), StringComparison.Ordinal), $"'{secret}' survives in '{text}': '{redacted.Text}'");
            Assert.True(redacted.Redactions.Any(r => kind.Length == 0 || r.Kind == kind), $"'{text}' gives '{redacted.Text}'");
        }
    }

    private string Card()
    {
        string[] prefixes = ["4", "51", "55", "2221", "2720", "34", "37", "6011", "65", "35", "36", "62", "50"];
        var digits = Pick(prefixes);
        var length = digits[0] == '3' && digits[1] != '5' ? (digits[1] == '6' ? 14 : 15) : Pick([13, 16, 16, 16, 19]);
        digits += Digits(length - 1 - digits.Length);
        var check = Enumerable.Range(0, 10).First(c => CardNumbers.Luhn($"{digits}{c}"));
        return $"{digits}{check}";
    }

    private string Iban()
    {
        var (country, length) = Ibans.Countries.ElementAt(_random.Next(Ibans.Countries.Count));
        var letters = _random.Next(5);
        var account = new string([.. Enumerable.Range(0, length - 4).Select(i => i < letters ? (char)('A' + _random.Next(26)) : (char)('0' + _random.Next(10)))]);
        var number = string.Concat($"{account}{country}00".Select(c => char.IsDigit(c) ? $"{c}" : $"{c - 'A' + 10}"));
        var check = 98 - (int)(System.Numerics.BigInteger.Parse(number, CultureInfo.InvariantCulture) % 97);
        var iban = string.Create(CultureInfo.InvariantCulture, $"{country}{check:00}{account}");
        return _random.Next(4) == 0 ? iban.ToLowerInvariant() : iban;
    }

    private string Email()
    {
        string Label(string units, int most) => new([.. Enumerable.Range(0, 1 + _random.Next(most)).Select(_ => units[_random.Next(units.Length)])]);
        var local = Label("abcXYZ019", 8) + Pick(["", ".", "+", "_", "-", "'"]) + Label("abcé9", 5);
        return Written($"{local}@{Label("abc0", 1)[0]}a{Label("abc09", 8)}.{Pick(["com", "co.uk", "de", "museum", "example"])}", [""]);
    }

    private string Phone()
    {
        var shape = Pick(["+## ## ########", "+1 (2##) 555-####", "2##-555-####", "(3##) 555-####", "0#### ######", "020 #### ####", "06 ## ## ## ##", "030/#######", "0049 89 #######", "+86 138 #### ####", "mobile: 079########", "phone 2##555####"]);
        return Written(string.Concat(shape.Select(c => c == '#' ? (char)('1' + _random.Next(9)) : c)), [""]);
    }

    private string Id() => _random.Next(3) switch
    {
        0 => Written($"{1 + _random.Next(5)}{Digits(2)}-{Digits(2)}-{Digits(4)}", [""]),
        1 => $"SSN: {Written($"1{Digits(8)}", [""])}",
        _ => Written($"{Pick(["AB", "CE", "JK", "WM"])}{Pick(["", " "])}{Digits(6)}{Pick(["A", "B", "C", "D"])}", [""]),
    };

    private string Grouped(string value, string[] separators)
    {
        var separator = Pick(separators);
        var size = Pick([3, 4, 4, 4, 5, 6]);
        return string.Join(separator, value.Chunk(size).Select(group => Written(new string(group), Invisible)));
    }

    // In one of the ways to write digits, with something unseen between them.
    private string Written(string value, string[] between)
    {
        var zero = Pick([0x30, 0x30, 0x30, 0xFF10, 0x660, 0x966, 0x1D7CE]);
        return string.Concat(value.Select(c => (char.IsAsciiDigit(c) ? char.ConvertFromUtf32(zero + c - '0') : $"{c}") + Pick(between)));
    }

    private string Digits(int count) => new([.. Enumerable.Range(0, count).Select(_ => (char)('0' + _random.Next(10)))]);

    private T Pick<T>(T[] of) => of[_random.Next(of.Length)];

    private static string Plain(string text)
    {
        var kept = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (CharUnicodeInfo.GetDecimalDigitValue(text, i) is >= 0 and var digit) kept.Append(digit);
            else if (char.IsLetter(text, i) || text[i] is '@' or '[' or ']') kept.Append(text[i]); // a placeholder parts what stands around it
        }

        return kept.ToString().ToUpperInvariant();
    }
}
