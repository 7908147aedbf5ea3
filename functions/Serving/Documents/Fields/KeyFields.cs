namespace Serverless.Serving.Documents;

/// <summary>What a page says, field by field; absent fields were not found.</summary>
public sealed record KeyFields
{
    /// <summary>Kind of paper by its words; absent where no kind is likely.</summary>
    public PaperKind? Kind { get; init; }

    /// <summary>Who issued the paper: shop, employer or bank.</summary>
    public KeyField? Company { get; init; }

    /// <summary>Day of the purchase, of payment or of the statement; normalised as ISO 8601, such as <c>2026-03-14</c>.</summary>
    public KeyField? Date { get; init; }

    /// <summary>Address of who issued it, its lines joined with blanks.</summary>
    public KeyField? Address { get; init; }

    /// <summary>What was to pay, the net pay, or the closing balance; normalised with a point, such as <c>-1234.50</c>.</summary>
    public KeyField? Total { get; init; }

    /// <summary>Account number; normalised without blanks and signs.</summary>
    public KeyField? Account { get; init; }

    /// <summary>International account number; normalised without blanks, in capitals.</summary>
    public KeyField? Iban { get; init; }

    /// <summary>The field of a name.</summary>
    public KeyField? this[KeyFieldName name] => name switch
    {
        KeyFieldName.Company => Company,
        KeyFieldName.Date => Date,
        KeyFieldName.Address => Address,
        KeyFieldName.Total => Total,
        KeyFieldName.Account => Account,
        _ => Iban,
    };

    /// <summary>Finds the fields of a page.</summary>
    /// <param name="page">Its lines in reading order.</param>
    /// <param name="model">Weighs the candidates.</param>
    public static KeyFields Of(ReadPage page, FieldModel model)
    {
        var sheet = new PageLayout(page);
        var kind = model.KindOf(sheet);
        var companies = FieldModel.Candidates(KeyFieldName.Company, sheet, kind, []);
        var issuer = FieldModel.Issuer(companies, model.Fields[KeyFieldName.Company]);
        KeyField? Best(KeyFieldName name) => model.Best(name, FieldModel.Candidates(name, sheet, kind, issuer), kind);
        return new()
        {
            Kind = kind,
            Company = model.Best(KeyFieldName.Company, companies, kind),
            Date = Best(KeyFieldName.Date),
            Address = Best(KeyFieldName.Address),
            Total = Best(KeyFieldName.Total),
            Account = Best(KeyFieldName.Account),
            Iban = Best(KeyFieldName.Iban),
        };
    }
}

/// <summary>A value found on a page.</summary>
/// <param name="Value">As it was read; of an amount the number without its currency.</param>
/// <param name="Normalised">In one form, for comparing.</param>
/// <param name="Confidence">How sure it is that this is the field's value, 0 to 1; calibrated on generated papers.</param>
/// <param name="Box">Where it stands: the upright box around all of it.</param>
/// <param name="ForHuman">Whether a person must look: the confidence is below the model's threshold, or a check failed.</param>
public sealed record KeyField(string Value, string Normalised, double Confidence, PageBox Box, bool ForHuman)
{
    /// <summary>Currency of an amount (ISO 4217), if it is told.</summary>
    public string? Currency { get; init; }
}

/// <summary>A field that is looked for.</summary>
public enum KeyFieldName
{
    /// <summary>Shop, employer or bank.</summary>
    Company,

    /// <summary>Day of purchase, payment or statement.</summary>
    Date,

    /// <summary>Of who issued it.</summary>
    Address,

    /// <summary>To pay, net pay or closing balance.</summary>
    Total,

    /// <summary>National account number.</summary>
    Account,

    /// <summary>International account number.</summary>
    Iban,
}

/// <summary>Kind of paper.</summary>
public enum PaperKind
{
    /// <summary>What an employer paid for a period.</summary>
    Payslip,

    /// <summary>What a bank says of an account.</summary>
    Statement,

    /// <summary>What was bought, or an invoice.</summary>
    Receipt,

    /// <summary>A page of an identity document.</summary>
    Identity,

    /// <summary>A form that somebody filled in.</summary>
    Form,
}
