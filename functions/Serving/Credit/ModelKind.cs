namespace Serverless.Serving.Credit;

/// <summary>A kind of credit model. All of them see an application as one bin in each column, imported ones with its value, and answer with points and a probability.</summary>
public enum ModelKind
{
    /// <summary>Points for few, wide bins of each column (Siddiqi, Credit Risk Scorecards, 2006): fits on a page.</summary>
    Scorecard,

    /// <summary>A curve for each column and tables for some pairs of columns, found by boosting (Lou et al. 2013, GA2M): adds up exactly.</summary>
    GlassBox,

    /// <summary>Gradient-boosted trees (Ke et al. 2017, LightGBM): explained by Shapley values.</summary>
    BoostedTrees,

    /// <summary>A network that was trained elsewhere and registered: never trained here, so not among the kinds that compete. Explained by Shapley values.</summary>
    Imported,
}
