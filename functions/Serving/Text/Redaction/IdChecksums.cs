namespace Serverless.Serving.Text;

/// <summary>The checks of identifiers; each is given the digits, the check digit last.</summary>
internal static class IdChecksums
{
    // Verhoeff, "Error Detecting Decimal Codes" (1969): the dihedral group of order 10, and a permutation that is applied once a place.
    private static readonly string[] Product =
        ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];

    private static readonly int[] Permuted = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    /// <summary>Whether the digits pass; false where there are none.</summary>
    public static bool Passes(IdChecksum checksum, ReadOnlySpan<char> digits) => digits.Length > 0 && checksum switch
    {
        IdChecksum.Luhn => CardNumbers.Luhn(digits),
        IdChecksum.Verhoeff => Verhoeff(digits),
        IdChecksum.Mod11 => Mod11(digits),
        _ => throw new InvalidOperationException($"There is no check {checksum}."),
    };

    private static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var place = 0; place < digits.Length; place++)
        {
            var digit = digits[^(place + 1)] - '0';
            for (var times = 0; times < place % 8; times++) digit = Permuted[digit];
            check = Product[check][digit] - '0';
        }

        return check == 0;
    }

    private static bool Mod11(ReadOnlySpan<char> digits)
    {
        var product = 10;
        foreach (var digit in digits[..^1])
        {
            var sum = (product + digit - '0') % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (product + digits[^1] - '0') % 10 == 1;
    }
}
