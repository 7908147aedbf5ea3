namespace Serverless.Serving.Text;

/// <summary>By which number of an answer it is told whether a text has any of the intents: the lower, the less it has.</summary>
public enum NoneScore
{
    /// <summary>The probability of the best intent (Hendrycks and Gimpel 2017).</summary>
    Probability,

    /// <summary>The logarithm of the sum of the powers of all scores (the negative energy of Liu et al. 2020): unlike a probability it is low where every score is.</summary>
    Energy,

    /// <summary>The same of the linear part's scores alone: low where few n-grams are known.</summary>
    LinearEnergy,

    /// <summary>The cosine between the scores and the mean of those of the nearest intent's texts, -1 to 1.</summary>
    ClassMeans,
}
