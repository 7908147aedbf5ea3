using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Text;

/// <summary>
/// What is taken out of a text before anything else sees it: card numbers, account numbers (IBAN), e-mail addresses and telephone numbers
/// always, and identifiers by the recognisers that stand here.
/// </summary>
public sealed record RedactionRules
{
    /// <summary>Recognisers of identifiers, tried in order; absent: those of some countries' national ids. An empty list turns them off.</summary>
    public IReadOnlyList<IdRecogniser> Recognisers { get; init; } =
    [
        new() { Name = "us-ssn", Pattern = "(00[1-9]|0[1-9][0-9]|[1-57-8][0-9]{2}|6[0-57-9][0-9]|66[0-57-9])[- ][0-9]{2}[- ][0-9]{4}" },
        new() { Name = "us-ssn", Pattern = "[0-8][0-9]{8}", Context = ["ssn", "social security"] },
        new() { Name = "uk-nino", Pattern = "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][- ]?[0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2}[- ]?[A-D]" },
        new() { Name = "in-aadhaar", Pattern = "[2-9][0-9]{3}[- ]?[0-9]{4}[- ]?[0-9]{4}", Checksum = IdChecksum.Verhoeff, Context = ["aadhaar", "aadhar", "uidai"] },
        new() { Name = "de-tax-id", Pattern = "[1-9][0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}", Checksum = IdChecksum.Mod11, Context = ["steuer-id", "steuerid", "steuernummer", "idnr", "tax id"] },
        new() { Name = "ca-sin", Pattern = "[1-79][0-9]{2}[- ]?[0-9]{3}[- ]?[0-9]{3}", Checksum = IdChecksum.Luhn, Context = ["sin", "social insurance"] },
    ];

    /// <summary>Words that say telephone: a row of 7 to 15 digits right behind one is a telephone number.</summary>
    [RegularExpression(DataContract.Filled)]
    public IReadOnlyList<string> PhoneWords { get; init; } =
    [
        "phone", "telephone", "tel", "mobile", "cell", "cellphone", "whatsapp", "sms", "fax", "phone number", "call me", "call me on", "call me at", "text me",
        "telefon", "telefonnummer", "handy", "handynummer", "rufnummer", "téléphone", "portable", "teléfono", "móvil", "telefono", "cellulare", "телефон", "电话", "手机", "هاتف",
    ];
}

/// <summary>Recognises one kind of identifier. A value has a digit, and no letter or digit of ASCII right beside it.</summary>
public sealed record IdRecogniser
{
    /// <summary>What an answer calls it: lower-case letters, digits and hyphens, 1 to 50 characters.</summary>
    [RegularExpression("^[a-z0-9][a-z0-9-]{0,49}\\z")]
    public required string Name { get; init; }

    /// <summary>
    /// A regular expression of .NET that needs no backtracking, so without lookaround and back-references; case does not count. It is held against
    /// the text with digits of all scripts as 0 to 9, dashes as -, blanks and line breaks as one blank each.
    /// </summary>
    [StringLength(500, MinimumLength = 1)]
    public required string Pattern { get; init; }

    /// <summary>The check that its letters and digits pass, if there is one.</summary>
    public IdChecksum? Checksum { get; init; }

    /// <summary>Words of which one must stand within 60 characters; empty: none is needed.</summary>
    [RegularExpression(DataContract.Filled)]
    public IReadOnlyList<string> Context { get; init; } = [];
}

/// <summary>Check of an identifier's digits.</summary>
public enum IdChecksum
{
    /// <summary>Luhn (ISO/IEC 7812-1, Annex B), as in Canada, South Africa and Sweden.</summary>
    Luhn,

    /// <summary>Verhoeff (1969), as in India.</summary>
    Verhoeff,

    /// <summary>ISO 7064 MOD 11,10, as in Germany and Croatia.</summary>
    Mod11,
}
