using System.Collections.Frozen;

namespace Serverless.Serving.Documents;

/// <summary>Words of papers in English, German, and the commonest of Malay, French, Spanish, Italian and Dutch.</summary>
internal static class Lexicon
{
    private static readonly Dictionary<Keyword, string> Words = new()
    {
        [Keyword.GrandTotal] = "grand total|bill amount|bill amt|amt due|amount charged|items to pay|total after adj|amount due|total due|balance due|total payable|amount payable|net total|nett total|amount to pay|total to pay|to pay|total amount|total amt|total incl|total inclusive|total sales|bill total|invoice total|order total|sale total|total price|total charge|total charged|final total|total amount due|total amt payable|nett amount|gesamtbetrag|zu zahlen|endbetrag|rechnungsbetrag|gesamtsumme|zahlbetrag|zu zahlender betrag|rechnungssumme|bruttobetrag|endsumme|total ttc|montant total|total a payer|net a payer|a payer|montant ttc|importe total|total a pagar|total factura|totale complessivo|totale da pagare|importo totale|totale euro|te betalen|totaalbedrag|totaal te betalen|jumlah besar|jumlah keseluruhan|a pagar|da pagare|zu bezahlen|importe a pagar|total a abonar|total nett|total net|amount to be paid|jumlah perlu dibayar",
        [Keyword.Total] = "total|totale|totaal|summe|gesamt|ttl|jumlah|somme|totals",
        [Keyword.NetPay] = "net pay|net salary|take home pay|net wages|nett pay|net payment|net earnings|net payable|net income|amount paid to you|auszahlungsbetrag|nettolohn|nettoverdienst|auszahlung|uberweisungsbetrag|netto verdienst|gesamtnetto|nettogehalt|auszuzahlender betrag|nettobezug|salaire net|gaji bersih",
        [Keyword.Gross] = "gross|gross pay|total earnings|gross salary|gross earnings|total payments|total gross|gesamtbrutto|bruttolohn|brutto|summe bezuge|steuerbrutto|bruttobezug",
        [Keyword.Deductions] = "deductions|total deductions|total deduction|deduction|abzuge|summe abzuge|gesetzliche abzuge|abzuge gesamt|potongan",
        [Keyword.Subtotal] = "subtotal|sub ttl|sous total|subtotale|subtotaal|zwischensumme|nettobetrag|warenwert|gross value|base imponible|imponibile|total ht|taxable amount|taxable|goods total|items total|item total|merchandise|total before tax|summe netto",
        [Keyword.Net] = "net|netto|nett|net amount",
        [Keyword.Tax] = "tax|gst|sst|vat|mwst|ust|umsatzsteuer|mehrwertsteuer|sales tax|state tax|cgst|sgst|igst|tva|iva|btw|hst|pst|qst|gst amount|tax amount|total tax|total gst|steuer|ppn|gst summary|tax summary|consumption tax",
        [Keyword.Inclusive] = "inclusive|incl|including|inkl|ttc|included|inc",
        [Keyword.Exclusive] = "exclusive|excl|excluding|exkl|before tax|ohne|without|exc",
        [Keyword.Rounding] = "rounding|rounding adj|rounding adjustment|round adj|rnd adj|rundung|rundungsdifferenz|pembundaran|round off|rounded off|rounding diff|rnd",
        [Keyword.Rounded] = "rounded|rounded total|total rounded|total after rounding|after rounding|round d total|total due after rounding|net rounded",
        [Keyword.Cash] = "cash|tendered|amount tendered|paid|cash tendered|cash tend|amt received|amount received|cash received|amount paid|amt paid|bar|gegeben|bargeld|erhalten|especes|efectivo|contanti|contant|tunai|payment|recu|pagato|ontvangen|entregado|received|tender|cash paid|bar eur|barzahlung|bar bezahlt|pagamento contante|importo pagato|inserted",
        [Keyword.Change] = "change|change due|change given|cash change|ruckgeld|zuruck|wechselgeld|rendu|monnaie|cambio|resto|wisselgeld|baki|kembali|kembalian|changes|balance returned",
        [Keyword.Card] = "visa|mastercard|master card|credit card|debit card|card|visa credit|eftpos|card payment|amex|debit|contactless|ec karte|girocard|kartenzahlung|kreditkarte|carte bancaire|tarjeta|carta di credito|bancomat|pinpas|visa card|card no|approval code|upi|grabpay|grab pay|paynow|e wallet|ewallet|apple pay|google pay|alipay|wechat pay|paypal|maestro|touch n go|tng ewallet|cashcard",
        [Keyword.Discount] = "discount|disc|savings|you saved|rabatt|nachlass|sie sparen|total discount|total savings|member discount|remise|descuento|sconto|korting|diskaun|diskon|saved",
        [Keyword.Service] = "service charge|svc chg|svc charge|bedienung|trinkgeld|tip|gratuity|serv charge|service",
        [Keyword.Quantity] = "qty|quantity|item count|items|total qty|total items|no of items|total quantity|anzahl|artikel|posten|menge|anz|item s|qty s|number of items|total item|pcs|anzahl artikel|kuantiti",
        [Keyword.Price] = "price|unit price|u price|einzelpreis|e preis|preis|prix|precio|prezzo|prijs|rate|harga",
        [Keyword.Amount] = "amount|amt|betrag|montant|importe|importo|bedrag|ext|gesamtpreis|fee|fare",
        [Keyword.ClosingBalance] = "closing balance|new balance|ending balance|balance carried forward|current balance|balance c f|final balance|neuer kontostand|endsaldo|neuer saldo|kontostand|aktueller kontostand|schlusssaldo|end balance|available balance|nouveau solde|saldo final",
        [Keyword.OpeningBalance] = "opening balance|previous balance|balance brought forward|balance b f|beginning balance|start balance|anfangssaldo|alter kontostand|saldovortrag|alter saldo|starting balance|old balance|saldo inicial",
        [Keyword.Balance] = "balance|saldo|bal|solde",
        [Keyword.Turnover] = "money in|money out|total credits|total debits|paid in|paid out|deposits|withdrawals|total deposits|total withdrawals|gutschriften|lastschriften|summe haben|summe soll|zahlungseingange|zahlungsausgange|total credit|total debit",
        [Keyword.YearToDate] = "ytd|year to date|jahr|jahressumme|kumuliert|aufgelaufen",
        [Keyword.Date] = "date|datum|tarikh|fecha|data|dated|dt|invoice date|inv date|bill date|trans date|transaction date|receipt date|rechnungsdatum|belegdatum|kaufdatum|date time|date issued|issued|order date|sales date|doc date|date of issue|business date|tgl|tanggal",
        [Keyword.PayDate] = "pay date|payment date|date paid|date of payment|pay day|check date|salary date|credit date|auszahlungsdatum|zahltag|zahlungsdatum|uberweisung am|auszahlung am|abrechnungsdatum|cheque date",
        [Keyword.StatementDate] = "statement date|date of statement|issue date|as of|as at|produced on|auszugsdatum|erstellt am|kontostand vom|vom|statement as of",
        [Keyword.Period] = "period|pay period|period ending|for the month of|month|abrechnungsmonat|zeitraum|monat|abrechnungszeitraum|from|to|bis|period from|billing period|statement period|von",
        [Keyword.Birth] = "date of birth|dob|birth|geburtsdatum|geb|born|geburtstag|birth date|place of birth",
        [Keyword.Due] = "appointment|next appointment|next visit|next service|nachster termin|due date|valid until|expiry|date of expiry|gultig bis|valid|exchange before|warranty|warranty till|garantie bis|garansi|expires|fallig|fallig am|payment due|pay by|best before|return by|until|within|due|through|offer ends|ends",
        [Keyword.Entry] = "hire date|join date|date joined|entry|eintritt|start date|employment date|eintrittsdatum|since|est",
        [Keyword.Printed] = "printed|reprint|printed on|print date|gedruckt|druckdatum|downloaded",
        [Keyword.Time] = "time|uhrzeit|uhr|zeit|masa|hora|heure|ora",
        [Keyword.Number] = "invoice no|receipt no|bill no|doc no|trans no|inv no|order no|check no|document no|slip no|ref|trn|invoice number|receipt number|bon nr|beleg nr|rechnung nr|rechnungs nr|kassenbon nr|no|nr|reference|transaction no|ticket|number|statement no|auszug nr|page|blatt|customer no|kundennummer|customer id|kunden nr|order|trx|id|sheet|transaction id",
        [Keyword.Account] = "account no|account number|a c no|bank account|acct no|account|acc no|bank a c|kontonummer|konto nr|konto|c c|cc|ac|kto nr|acct|n de compte|compte|cuenta|n de cuenta|conto|rekening|rekeningnummer|account nr|a c|kto|no akaun|akaun",
        [Keyword.Iban] = "iban|iban no|iban number|bankverbindung iban",
        [Keyword.BankCode] = "bic|swift|blz|sort code|routing no|branch code|bankleitzahl|bic swift|routing number|bank code|routing",
        [Keyword.Phone] = "tel|telephone|phone|fax|mobile|telefon|tel no|fax no|phone no|hotline|handphone|telefax|hp|call|whatsapp|mob|contact|contact no|tlf",
        [Keyword.Web] = "www|email|e mail|http|https|website|mail|facebook",
        [Keyword.Registration] = "no syarikat|no pendaftaran|gst id|gst reg|gst reg no|gst no|gst id no|co reg|co reg no|company no|reg no|roc|roc no|sst no|uen|vat no|vat reg no|vat number|vat reg|company reg|registered in|ust idnr|ust id|st nr|steuernummer|steuer nr|hrb|uid|uid nr|fn|abn|acn|gstin|fssai|cin|cro|kvk|btw nr|siret|siren|rcs|cif|nif|p iva|partita iva|part iva|ein|tax id|license|mwst nr|store|gst registration no|business reg|brn|registration no|company registration|tin|sst id|sst reg|co no",
        [Keyword.Customer] = "private confidential|private and confidential|strictly private|personlich|vertraulich|customer|bill to|sold to|ship to|kontoinhaber|account holder|herrn|frau|mr|ms|mrs|member|kunde|attn|invoice to|deliver to",
        [Keyword.Employee] = "employee|employee name|staff name|paid to|mitarbeiter|arbeitnehmer|personal nr|employee no|personalnummer|payroll no|staff no|staff|employee id",
        [Keyword.Employer] = "employer|employer name|arbeitgeber|firma|betrieb|company|company name|paid by|unternehmen",
        [Keyword.Address] = "address|add|addr|adresse|anschrift|alamat",
        [Keyword.Clerk] = "cashier|served by|server|clerk|operator|salesperson|counter|table|terminal|pos|waiter|host|station|till|kasse|kassierer|bediener|tisch|es bediente sie|verkaufer|guest|guests|user|salesman|reg|register|shift|pax|covers",
        [Keyword.ReceiptTitle] = "tax invoice|cash receipt|receipt|invoice|cash bill|official receipt|cash sales|sales receipt|simplified tax invoice|customer copy|guest check|bill|rechnung|kassenbon|quittung|bewirtungsbeleg|beleg|kundenbeleg|facture|factura|factura simplificada|scontrino|ricevuta|kassabon|factuur|ticket|cash sale|resit|bon|recibo|sales slip|check",
        [Keyword.PayslipTitle] = "payslip|pay slip|pay statement|earnings statement|salary slip|pay advice|wage slip|statement of earnings|remuneration statement|lohnabrechnung|gehaltsabrechnung|entgeltabrechnung|verdienstabrechnung|lohn und gehaltsabrechnung|abrechnung der brutto|brutto netto bezuge|payroll|slip gaji|pay stub",
        [Keyword.StatementTitle] = "statement of account|bank statement|account statement|current account statement|your statement|savings statement|checking account statement|kontoauszug|auszug|statement|penyata|releve de compte",
        [Keyword.IdentityTitle] = "identity card|driving licence|passport|personalausweis|residence permit|reisepass|fuhrerschein|national id|surname|given names|nationality|vornamen|staatsangehorigkeit|driver license|id card|sex|dokumentennummer|document no",
        [Keyword.FormTitle] = "application form|application|account opening form|kreditantrag|change of address|selbstauskunft|antrag|claim form|mandate|full name|marital status|dependants|signature|unterschrift|purpose of loan|occupation|block capitals|amount requested|monthly income|personal details|angaben zur person|declaration|i confirm",
        [Keyword.Thanks] = "shopping hours|opening hours|points earned|patronage|suggested tip|thank you|thanks|please|goods sold|returnable|refundable|welcome|come again|have a nice day|vielen dank|danke|auf wiedersehen|umtausch|merci|gracias|grazie|bedankt|terima kasih|signature required|computer generated|exchange|customer service|e o e|visit|return|refund|policy|feedback",
        [Keyword.Item] = "item|description|product|particulars|desc|artikelnr|bezeichnung|beschreibung|code|details|verwendungszweck|vorgang|buchung|valuta|transaction|produit|descripcion|descrizione|omschrijving",
        [Keyword.Wage] = "basic salary|basic pay|overtime|bonus|allowance|commission|holiday pay|earnings|grundgehalt|gehalt|uberstunden|pramie|zulage|urlaubsgeld|stundenlohn|income tax|paye|national insurance|epf|socso|cpf|federal tax|social security|medicare|pension|health insurance|lohnsteuer|kirchensteuer|solidaritatszuschlag|krankenversicherung|rentenversicherung|arbeitslosenversicherung|pflegeversicherung|steuerklasse|tax code|salary|wages|sv nummer|bezuge",
        [Keyword.Transaction] = "direct debit|standing order|transfer|transfer to|cash withdrawal|interest paid|atm|payment received|deposit|cheque|uberweisung|lastschrift|dauerauftrag|bargeldauszahlung|gutschrift|zinsen|entgelt|withdrawal|credit interest",
    };

    /// <summary>Phrases without blanks by their first letter, longest first.</summary>
    public static FrozenDictionary<char, (string Phrase, Keyword Keyword)[]> ByLetter { get; } = Words
        .SelectMany(w => w.Value.Split('|').Select(p => (Phrase: p.Replace(" ", "", StringComparison.Ordinal), Keyword: w.Key)))
        .DistinctBy(p => p.Phrase)
        .GroupBy(p => p.Phrase[0])
        .ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(p => p.Phrase.Length).ThenBy(p => p.Phrase, StringComparer.Ordinal).ToArray());
}
