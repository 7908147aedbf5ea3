using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;

namespace Serverless.Cli;

internal static class ContractBins
{
    public static Command Create(Terminal terminal)
    {
        var contract = Verb.ExistingFile("--contract", "Contract of the portfolio (JSON).");
        var data = new Option<FileInfo>("--data") { Description = "Loan export to find the bins on." }.AcceptExistingOnly();
        var columns = Verb.Optional("--columns", "Inputs to write bins for, with commas between them; else all.");
        var clear = new Option<bool>("--clear") { Description = "Remove the bins, so that training finds them again." };
        var output = Verb.Out("Contract to write (JSON).");
        return new Command("bins", "Write the bins that training finds into a contract, to be edited and kept.") { contract, data, columns, clear, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var read = new CreditFamily().ReadContract(await File.ReadAllBytesAsync(parsed.GetRequiredValue(contract).FullName, cancel));
            if (read is not Outcome<DataContract>.Done { Value: CreditContract valid }) return read.Pass<Answer>();
            var names = parsed.GetValue(columns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var inputs = valid.Columns.Where(c => c.Role == ColumnRole.Input).Select(c => c.Name).ToHashSet();
            if (names?.FirstOrDefault(n => !inputs.Contains(n)) is { } unknown) return Outcome<Answer>.Reject($"'{unknown}' is no input of the contract: --columns takes inputs, with commas between them.");
            if (parsed.GetValue(clear) == parsed.GetValue(data) is not null) return Outcome<Answer>.Reject("Give either --data FILE, to find bins, or --clear.");

            var changed = parsed.GetValue(data) is { } file ? await FindAsync(terminal, valid, file, names, cancel) : KeptBins.Clear(valid, names);
            if (changed is not Outcome<CreditContract>.Done { Value: var kept }) return changed.Pass<Answer>();
            await using var written = Verb.CreateFile(parsed.GetRequiredValue(output));
            await written.WriteAsync(Json.File(kept), cancel);
            return Describe(kept, parsed.GetRequiredValue(output));
        });
    }

    private static async Task<Outcome<CreditContract>> FindAsync(Terminal terminal, CreditContract contract, FileInfo file, string[]? columns, CancellationToken cancel)
    {
        await using var drop = await LocalDrop.OpenAsync(file.FullName, cancel);
        var read = await terminal.WatchAsync(progress => new CreditTrainer().ReadAsync(contract, drop, new ReadingContext(TimeProvider.System.GetUtcNow()), progress, cancel), cancel);
        return read.Rows.Then<CreditContract>(rows => KeptBins.Find((CreditRows)rows, columns));
    }

    private static Answer Describe(CreditContract contract, string path)
    {
        var (bins, text) = (new JsonObject(), new StringBuilder());
        foreach (var column in contract.Columns.Where(c => c.Cuts is not null || c.Groups is not null))
        {
            bins[column.Name] = column.Groups?.Count ?? (column.Cuts!.Count + 1);
            text.AppendLine($"{column.Name,-24} {bins[column.Name],4} bins");
        }

        return new Answer(
            new JsonObject { ["outcome"] = "done", ["out"] = path, ["bins"] = bins },
            text.Append($"Wrote {path}. Edit 'cuts' and 'groups', give the contract a new version, then: serverless train credit --contract {path} --data FILE --out DIR").ToString());
    }
}
