using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Text;

/// <summary>The data contract of a text portfolio: which columns hold the text and its intent.</summary>
public sealed record TextContract : DataContract
{
    /// <summary>Name of the family.</summary>
    public const string FamilyName = "text";

    /// <summary>A fresh holdout needs one text of every intent, not the number of bad loans that credit needs.</summary>
    public TextContract() => Gate = new() { MinRare = 1 };

    /// <summary>Column with the text.</summary>
    [RegularExpression(Filled)]
    public required string TextColumn { get; init; }

    /// <summary>Column with the intent.</summary>
    [RegularExpression(Filled)]
    public required string LabelColumn { get; init; }

    /// <summary>Column that identifies a row, if there is one.</summary>
    [RegularExpression(Filled)]
    public string? IdColumn { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? RowId => IdColumn;

    /// <summary>The label of texts that belong to no intent; such rows set the threshold of "none" and are no class.</summary>
    [RegularExpression(Unpadded)]
    public string? OutOfScopeLabel { get; init; }

    /// <summary>Longest text accepted, in characters; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxLength { get; init; } = 2000;

    /// <summary>Share of in-scope texts that the threshold of "none" may turn away, 0 to 0.5.</summary>
    [Range(0, 0.5, ErrorMessage = "0.03 lets three of a hundred good texts be turned away")]
    public double MaxFalseNone { get; init; } = 0.03;

    /// <summary>An answer is ambiguous when the best two probabilities are closer than this, 0 to 1.</summary>
    [Range(0, 1.0, ErrorMessage = "0.1 asks back when the best two are closer than that")]
    public double AmbiguousMargin { get; init; } = 0.1;

    /// <summary>
    /// What every answer says to the person behind the text: that a machine gave it, as Regulation (EU) 2024/1689 (AI Act), Art. 50(1) asks.
    /// In the person's language. It is served with the model that was trained under it.
    /// </summary>
    [StringLength(500, MinimumLength = 10)]
    public string AiDisclosure { get; init; } = "You are interacting with an AI system: a program, not a person, has read your message.";

    /// <summary>When what people say of texts becomes an increment drop.</summary>
    public FeedbackRules Feedback { get; init; } = new();

    /// <summary>How the networks are trained whose scores are joined with those of the linear part; null for the linear part alone, which trains in a second.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] // left out it would mean the usual network
    public NetworkRules? Network { get; init; } = new();

    /// <summary>A registered encoder on whose vectors a third part is fitted, which is joined with the others; null, as it is without this member, for none.</summary>
    public EncoderRules? Encoder { get; init; }

    /// <summary>
    /// Questions that the model keeps for agents, who get those nearest to a text (<c>GET /api/similar</c>). Null, as it is without this member, keeps
    /// no text of a customer in a model's files.
    /// </summary>
    public SimilarRules? Similar { get; init; }

    /// <summary>What is taken out of a text before it is trained on or classified.</summary>
    public RedactionRules Redaction { get; init; } = new();

    /// <summary>How it must behave beyond its accuracy.</summary>
    public BehaviourRules Behaviour { get; init; } = new();
}
