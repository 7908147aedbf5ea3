using System.CommandLine;
using System.CommandLine.Help;

namespace Serverless.Cli;

/// <summary>All verbs. Exit codes: 0 done, 2 rejected or used wrongly, 1 failed.</summary>
internal static class CommandTree
{
    /// <summary>Parses and runs a command line.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var parsed = Create(terminal).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var help = parsed.CommandResult.Command.Name == "serverless" ? "serverless --help" : $"serverless {PathOf(parsed)} --help";
            return terminal.Reject([.. parsed.Errors.Select(e => e.Message), $"See '{help}'."], args.Contains(Verb.Json.Name));
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false });
    }

    /// <summary>The tree of verbs.</summary>
    public static Command Create(Terminal terminal) => new("serverless", "Trains, checks and uses the models of a finance portfolio.")
    {
        new HelpOption { Recursive = true },
        new VersionOption(),
        Verb.Json,
        new Command("contract", "Data contracts: what a portfolio's rows hold.")
        {
            ContractInfer.Create(terminal), ContractCheck.Create(terminal), ContractBins.Create(terminal), ContractActivate.Create(terminal), ContractList.Create(terminal), ContractShow.Create(terminal),
            ContractCompare.Create(terminal), ContractSchemaPrint.Create(terminal),
        },
        new Command("train", "Train a model from a file; needs no storage.") { TrainCredit.Create(terminal), TrainText.Create(terminal), TrainMarket.Create(terminal) },
        Evaluate.Create(terminal),
        Score.Create(terminal),
        Forecast.Create(terminal),
        BacktestRun.Create(terminal),
        TearSheetWrite.Create(terminal),
        TrialsList.Create(terminal),
        new Command("risk", "What a book of loans may lose.") { RiskReportWrite.Create(terminal) },
        Classify.Create(terminal),
        Similar.Create(terminal),
        new Command("documents", "Pictures of documents: kinds of pages, handwritten digits, and what pages say.")
        {
            DocumentsTrain.Create(terminal), DocumentsEvaluate.Create(terminal), DocumentsClassify.Create(terminal),
            DocumentsRead.Create(terminal), DocumentsRegister.Create(terminal), DocumentsTrainFields.Create(terminal),
        },
        new Command("models", "Models in the registry.")
        {
            ModelsRegister.Create(terminal), ModelsList.Create(terminal), ModelsShow.Create(terminal), ModelsDiff.Create(terminal),
            ModelsChange.Promote(terminal), ModelsChange.Rollback(terminal), ModelsChange.Approve(terminal), ModelsChange.Reject(terminal), ModelsChange.Pin(terminal), ModelsChange.Release(terminal),
            ModelsExport.Create(terminal), ModelsImport.Create(terminal), ModelsKeys.Create(terminal),
        },
        new Command("encoders", "Encoders that text models can be built on.") { EncodersRegister.Create(terminal), EncodersList.Create(terminal), EncodersShow.Create(terminal) },
        new Command("decisions", "Recorded loan decisions and their log.")
        {
            DecisionsShow.Create(terminal), DecisionsReplay.Create(terminal), DecisionsVerify.Create(terminal), DecisionsDownload.Create(terminal), DecisionsErase.Create(terminal),
            DecisionsNotice.Create(terminal),
        },
        new Command("reviews", "Decisions that a person reviews, because the policy refers them or the applicant contests them.")
        {
            ReviewsList.Create(terminal), ReviewsShow.Create(terminal), ReviewsTake.Create(terminal), ReviewsDecide.Create(terminal),
        },
        new Command("drops", "Exports for retraining.") { DropsUpload.Create(terminal), DropsCheck.Create(terminal), DropsList.Create(terminal), DropsReport.Create(terminal), DropsRetry.Create(terminal) },
        new Command("subject", "The rights of a person whose data is kept (GDPR Art. 15, 17 and 20).") { SubjectExport.Create(terminal), SubjectErase.Create(terminal) },
        Backup.Create(terminal),
        Restore.Create(terminal),
        new Command("feedback", "What people said of texts, for the next training.") { FeedbackList.Create(terminal), FeedbackGather.Create(terminal), FeedbackDiscard.Create(terminal) },
        new Command("poison", "Messages and drops that nothing works on any more.")
        {
            PoisonList.Create(terminal), PoisonShow.Create(terminal), PoisonRequeue.Create(terminal), PoisonDiscard.Create(terminal),
        },
        new Command("sample", "Write generated sample data.") { SampleLoans.Create(terminal), SampleCustomerService.Create(terminal), SampleMarket.Create(terminal), SampleDocuments.Create(terminal) },
    };

    private static string PathOf(ParseResult parsed)
    {
        List<string> names = [];
        for (var at = parsed.CommandResult; at.Parent is System.CommandLine.Parsing.CommandResult parent; at = parent) names.Insert(0, at.Command.Name);
        return string.Join(' ', names);
    }
}
