using Serverless.Serving;

namespace Serverless.Training.Credit.Risk;

/// <summary>
/// Whether a grade's probability is too low for what happened: the chance, by the posterior under Jeffreys' prior, that its true rate lies at or
/// below it (Kazianka 2016; European Central Bank 2019, Instructions for reporting the validation results of internal models, 2.5.3.1).
/// </summary>
internal static class JeffreysTest
{
    /// <summary>Near 0 the probability is too low, near 1 too high.</summary>
    /// <param name="probability">The grade's probability, 0 to 1.</param>
    /// <param name="bads">Loans that went bad.</param>
    /// <param name="rows">All loans, 1 or more.</param>
    public static double PValue(double probability, long bads, long rows) => Beta.Below(probability, bads + 0.5, rows - bads + 0.5);
}
