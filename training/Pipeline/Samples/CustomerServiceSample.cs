using Serverless.Serving.Text;

namespace Serverless.Training.Samples;

/// <summary>
/// Messages of bank customers, written for this project: 20 intents with 40 texts each, worded differently, and 80 texts that
/// belong to none of them. No message is from a real customer or another data set.
/// </summary>
public static class CustomerServiceSample
{
    /// <summary>The sample's portfolio.</summary>
    public const string Portfolio = "customer-service";

    /// <summary>The contract of the messages.</summary>
    public static TextContract Contract { get; } = new()
    {
        Family = TextContract.FamilyName,
        Portfolio = Portfolio,
        Version = "1",
        TextColumn = "text",
        LabelColumn = "intent",
        OutOfScopeLabel = "out_of_scope",
        MaxFalseNone = 0.15, // asking a customer again costs less than a wrong answer
        Network = null, // it was measured to add nothing to 32 texts an intent in as many wordings, and takes half a minute
        // Wordings differ so much that 32 texts an intent teach about two answers in three; and a fifth of 40 is 8 in the holdout.
        Gate = new() { Floors = new Dictionary<string, double> { ["accuracy"] = 0.45 }, MinRare = 5 },
    };

    /// <summary>Texts to try that are not in the set; the last one belongs to no intent.</summary>
    public static IReadOnlyList<string> Examples { get; } =
    [
        "I think my bank card was stolen on the bus, please stop it",
        "Three days on and my landlord still hasn't received the transfer",
        "What would I save by paying my loan back before it ends?",
        "someone texted me a link saying my account will be suspended, is that really you?",
        "cant sign in to the app since i got a new phone",
        "Which wine goes well with grilled salmon?",
    ];

    /// <summary>Opens the set as CSV with the columns <c>text</c> and <c>intent</c>.</summary>
    public static Stream OpenCsv() => typeof(CustomerServiceSample).Assembly.GetManifestResourceStream("customer-service.csv")!;
}
