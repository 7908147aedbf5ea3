namespace Serverless.Serving.Documents;

/// <summary>What a word or phrase on a paper says of the values beside it.</summary>
internal enum Keyword
{
    /// <summary>To pay, without doubt.</summary>
    GrandTotal,

    /// <summary>A total.</summary>
    Total,

    /// <summary>What is paid out of a wage.</summary>
    NetPay,

    /// <summary>A wage before deductions.</summary>
    Gross,

    /// <summary>Deductions.</summary>
    Deductions,

    /// <summary>A sum before tax.</summary>
    Subtotal,

    /// <summary>Net, which is a wage on some papers and a sum before tax on others.</summary>
    Net,

    /// <summary>Tax.</summary>
    Tax,

    /// <summary>With tax.</summary>
    Inclusive,

    /// <summary>Without tax.</summary>
    Exclusive,

    /// <summary>Rounding.</summary>
    Rounding,

    /// <summary>Rounded.</summary>
    Rounded,

    /// <summary>Given in cash.</summary>
    Cash,

    /// <summary>Given back.</summary>
    Change,

    /// <summary>Paid by card.</summary>
    Card,

    /// <summary>Taken off.</summary>
    Discount,

    /// <summary>Put on for service.</summary>
    Service,

    /// <summary>Number of things.</summary>
    Quantity,

    /// <summary>Price of one.</summary>
    Price,

    /// <summary>Amount.</summary>
    Amount,

    /// <summary>Last balance of a statement.</summary>
    ClosingBalance,

    /// <summary>First balance.</summary>
    OpeningBalance,

    /// <summary>A balance.</summary>
    Balance,

    /// <summary>Sums of what came and went.</summary>
    Turnover,

    /// <summary>Since the year began.</summary>
    YearToDate,

    /// <summary>A date.</summary>
    Date,

    /// <summary>Day of payment.</summary>
    PayDate,

    /// <summary>Day of a statement.</summary>
    StatementDate,

    /// <summary>A period.</summary>
    Period,

    /// <summary>Birth.</summary>
    Birth,

    /// <summary>When to pay, until when something holds.</summary>
    Due,

    /// <summary>When somebody began.</summary>
    Entry,

    /// <summary>When something was printed.</summary>
    Printed,

    /// <summary>A time.</summary>
    Time,

    /// <summary>Number of a paper.</summary>
    Number,

    /// <summary>Account.</summary>
    Account,

    /// <summary>IBAN.</summary>
    Iban,

    /// <summary>Code of a bank or branch.</summary>
    BankCode,

    /// <summary>Telephone or fax.</summary>
    Phone,

    /// <summary>Mail and web.</summary>
    Web,

    /// <summary>Number of a company or its tax.</summary>
    Registration,

    /// <summary>A customer.</summary>
    Customer,

    /// <summary>An employee.</summary>
    Employee,

    /// <summary>An employer.</summary>
    Employer,

    /// <summary>An address follows.</summary>
    Address,

    /// <summary>Who serves, and where.</summary>
    Clerk,

    /// <summary>Title of a receipt or invoice.</summary>
    ReceiptTitle,

    /// <summary>Title of a payslip.</summary>
    PayslipTitle,

    /// <summary>Title of a statement.</summary>
    StatementTitle,

    /// <summary>Title of an identity document.</summary>
    IdentityTitle,

    /// <summary>Title or words of a form.</summary>
    FormTitle,

    /// <summary>Thanks and conditions.</summary>
    Thanks,

    /// <summary>Heads of columns of goods.</summary>
    Item,

    /// <summary>Parts of a wage.</summary>
    Wage,

    /// <summary>Entries of a statement.</summary>
    Transaction,
}
