using System.CommandLine;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Documents;
using Serverless.Serving.Market;
using Serverless.Training.Credit;
using Serverless.Training.Drops;

namespace Serverless.Cli;

internal static class ContractInfer
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<FileSystemInfo[]>("FILE") { Description = "Loan export or daily bars with a header: CSV, gzip of CSV, or Parquet. Of documents: a ZIP or folder of pictures with a CSV of labels, or two IDX files.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var target = Verb.Optional("--target", "Column with the outcome; with --like that of the earlier contract.");
        var id = Verb.Optional("--id", "Column that identifies a row; else the first one whose values are all different.");
        var date = Verb.Optional("--date", "Column with the date of the application: the last rows become the holdout.");
        var bad = new Option<string[]>("--bad") { Description = "Values of the target that mean a bad loan; else guessed.", AllowMultipleArgumentsPerToken = true };
        var like = Verb.Optional("--like", "An earlier contract whose roles, reasons, ranges, bins and rules are kept: a file, or 'active' for the stored one of --portfolio.");
        var encoding = Verb.Optional("--encoding", "Encoding of CSV files, such as windows-1252; else utf-8.");
        var delimiter = Verb.Optional("--delimiter", "Delimiter of CSV files; else found from the header.");
        var culture = Verb.Optional("--culture", "Culture whose way to write numbers and dates the file uses, such as de-DE; else a decimal point and ISO 8601 dates.");
        var dates = Verb.Optional("--date-format", "How dates are written, such as dd.MM.yyyy; else as in the culture.");
        var suspect = new Option<double>("--leak-auc") { Description = "Area under the ROC curve of one column alone from which on it is ignored as a likely leak.", DefaultValueFactory = _ => InferenceOptions.UsualLeakAuc };
        var portfolio = Verb.Optional("--portfolio", "Portfolio; else that of the earlier contract, else from the file's name.");
        var family = Verb.Optional("--family", "Family of the contract: credit, which is meant without it, market, for daily bars, or documents, for pictures.");
        var exogenous = new Option<string[]>("--exogenous") { Description = "Of daily bars: symbols that are looked at and not traded.", AllowMultipleArgumentsPerToken = true };
        var output = Verb.Out("Contract to write (JSON).");
        return new Command("infer", "Infer a contract from a loan export, from daily bars, or from pictures.") { files, family, exogenous, target, id, date, bad, like, encoding, delimiter, culture, dates, suspect, portfolio, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var given = parsed.GetRequiredValue(files);
            if (parsed.GetValue(family) == DocumentContract.FamilyName)
                return await DocumentsInfer.RunAsync(terminal, given, parsed.GetValue(portfolio), parsed.GetRequiredValue(output), cancel);
            if (given is not [FileInfo file]) return Outcome<Answer>.Reject("FILE must be one file; several, or a folder, are for --family documents.");
            if (parsed.GetValue(family) is { } other and not CreditContract.FamilyName)
            {
                return other == MarketContract.FamilyName
                    ? await MarketInfer.RunAsync(terminal, file, parsed.GetValue(exogenous) ?? [], parsed.GetValue(portfolio), parsed.GetRequiredValue(output), cancel)
                    : Outcome<Answer>.Reject("--family must be 'credit', 'market' or 'documents'.");
            }

            var options = new InferenceOptions
            {
                Target = parsed.GetValue(target) ?? "",
                Id = parsed.GetValue(id),
                Date = parsed.GetValue(date),
                Bad = parsed.GetValue(bad) is { Length: > 0 } values ? values : null,
                LeakAuc = parsed.GetValue(suspect),
                Format = Format(new DropFormat()),
                Portfolio = parsed.GetValue(portfolio) ?? PortfolioName.Of(file.Name),
            };
            if (parsed.GetValue(like) is not { } named)
            {
                return options.Target.Length == 0
                    ? Outcome<Answer>.Reject("Name the column with the outcome: --target COLUMN.")
                    : await WriteAsync(await InferAsync(options));
            }

            var found = await EarlierContract.FindAsync(terminal, named, options.Portfolio, cancel);
            if (found is not Outcome<EarlierContract>.Done { Value: var earlier }) return found.Pass<Answer>();
            var kept = LikeContract.Options(options, earlier.Contract) with { Format = Format(earlier.Contract.Format), Portfolio = parsed.GetValue(portfolio) ?? earlier.Contract.Portfolio };
            return await WriteAsync((await InferAsync(kept)).Then(inferred => LikeContract.Of(inferred, earlier.Contract, kept, earlier.Next)));

            DropFormat Format(DropFormat usual) => new()
            {
                Encoding = parsed.GetValue(encoding) ?? usual.Encoding,
                Delimiter = parsed.GetValue(delimiter) ?? usual.Delimiter,
                Culture = parsed.GetValue(culture) ?? usual.Culture,
                DateFormat = parsed.GetValue(dates) ?? usual.DateFormat,
            };

            async Task<Outcome<InferredContract>> InferAsync(InferenceOptions told)
            {
                await using var export = await LocalDrop.OpenAsync(file.FullName, cancel);
                return await terminal.WatchAsync(progress => ContractInference.InferAsync(export, told, progress, cancel), cancel);
            }

            async Task<Outcome<Answer>> WriteAsync(Outcome<InferredContract> inferred)
            {
                var path = parsed.GetRequiredValue(output);
                if (inferred is not Outcome<InferredContract>.Done { Value: var made }) return inferred.Pass<Answer>();
                await using var written = Verb.CreateFile(path);
                await written.WriteAsync(Json.File(made.Contract), cancel);
                return InferredAnswer.Of(made, path);
            }
        });
    }
}
