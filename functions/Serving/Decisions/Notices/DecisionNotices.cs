using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>Writes notices of adverse action from recorded decisions and the active contract, whose creditor data are those of today.</summary>
public sealed class DecisionNotices(ApplicationStore applications, ContractStore contracts)
{
    /// <summary>The notice of a declined application; rejected when there is none to write, with what to do.</summary>
    /// <exception cref="InvalidDataException">The active contract is missing or no longer valid.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Outcome<AdverseActionNotice>> WriteAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        var record = await applications.FindAsync(portfolio, applicationId, cancel);
        if (record is null)
            return Outcome<AdverseActionNotice>.Reject(Rejection.Missing, $"No application '{applicationId}' was decided in portfolio '{portfolio}': check both, or wait until the queue is worked off.");
        if (record.Case is not { } made)
            return Outcome<AdverseActionNotice>.Reject(Rejection.Erased, $"Application '{applicationId}' of portfolio '{portfolio}' was decided and then erased: its reasons are gone.");
        return await contracts.ActiveAsync(CreditContract.FamilyName, portfolio, cancel) is CreditContract contract
            ? AdverseActionNotice.Of(made, contract)
            : Outcome<AdverseActionNotice>.Reject(Rejection.Conflict, $"Portfolio '{portfolio}' has no active contract, which says who the creditor is: activate one with 'notice'.");
    }
}
