using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Serving.Text;
using Serverless.Training.Samples;

namespace Serverless.Functions.Embedded;

/// <summary>
/// What a newcomer sees: samples dropped, models trained by the triggers, applications decided, texts classified, addresses to
/// try. It only drops, sends and asks, as a user would; made-up data, so it may print what the app itself never logs.
/// </summary>
internal sealed class FirstRun(
    StorageAccount storage, ContractStore contracts, ModelRegistry registry, ApplicationStore applications, DevelopmentKey key, TimeProvider time, Action<string> say)
{
    private const int Loans = 20_000;
    private const int Applicants = 3;
    private const int LoanSeed = 7;
    private const int ApplicantSeed = 65; // one to approve, one to refer, one to decline
    private const string LoanDrop = $"{CreditContract.FamilyName}/{LoanSample.Portfolio}/2020-to-2025.csv";
    private const string TextDrop = $"{TextContract.FamilyName}/{CustomerServiceSample.Portfolio}/first-texts.csv";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows the app at work when it has no models yet, then where everything is.</summary>
    /// <param name="address">Where the app listens.</param>
    /// <param name="data">Where the storage keeps its files.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(Uri address, string data, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var credit = await registry.ChampionAsync(CreditContract.FamilyName, LoanSample.Portfolio, cancel);
        var text = await registry.ChampionAsync(TextContract.FamilyName, CustomerServiceSample.Portfolio, cancel);
        if (credit is not null && text is not null)
        {
            say($"\nFound its data: credit/{LoanSample.Portfolio} {credit.Version} and text/{CustomerServiceSample.Portfolio} {text.Version} are live; nothing to retrain.");
        }
        else
        {
            await RetrainAsync(cancel);
            await DecideAsync(cancel);
            await ClassifyAsync(address, cancel);
        }

        Addresses(address, data, time.GetElapsedTime(began));
    }

    private async Task RetrainAsync(CancellationToken cancel)
    {
        say($"\n1  Drop two exports: {Loans:N0} made-up loans, and messages of a bank's customers");
        await DropAsync(LoanSample.Contract, LoanDrop, csv => LoanSample.WriteAsync(csv, Loans, LoanSeed, cancel), cancel);
        await DropAsync(CustomerServiceSample.Contract, TextDrop, csv => CustomerServiceSample.OpenCsv().CopyToAsync(csv, cancel), cancel);
        var loans = await LiveAsync(LoanDrop, cancel);
        var texts = await LiveAsync(TextDrop, cancel);
        say("\n2  Live by themselves, each with its card (card.html) beside it");
        say($"   models/credit/{LoanSample.Portfolio}/{loans.Version}   AUC {loans.Metrics["auc"]:F3} ({loans.Metrics["aucLow"]:F3} to {loans.Metrics["aucHigh"]:F3}), KS {loans.Metrics["ks"]:F3}");
        say($"   models/text/{CustomerServiceSample.Portfolio}/{texts.Version}   accuracy {texts.Metrics["accuracy"]:P1}");
    }

    private async Task DropAsync(DataContract contract, string name, Func<Stream, Task> write, CancellationToken cancel)
    {
        if (await contracts.ActivateAsync(Json.File<object>(contract), cancel) is Outcome<DataContract>.Rejected rejected)
            throw new InvalidOperationException(string.Join(' ', rejected.Reasons));
        using var csv = new MemoryStream();
        await write(csv);
        csv.Position = 0;
        await storage.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).UploadAsync(csv, overwrite: true, cancel);
    }

    private async Task<Manifest> LiveAsync(string drop, CancellationToken cancel)
    {
        var (family, portfolio) = (drop.Split('/')[0], drop.Split('/')[1]);
        var report = storage.Blobs.GetBlobContainerClient("rejected").GetBlobClient($"{drop}.report.json");
        var champion = await UntilAsync(
            async () => await registry.ChampionAsync(family, portfolio, cancel)
                ?? (await report.ExistsAsync(cancel) ? throw new InvalidOperationException($"The sample was rejected: see rejected/{report.Name}.") : (Champion?)null),
            $"drops/{drop} gave no live model",
            cancel);
        return (await registry.OpenAsync(family, portfolio, champion.Version, cancel)).Manifest;
    }

    private async Task DecideAsync(CancellationToken cancel)
    {
        say($"\n3  Put {Applicants} applications on queue loan-applications; each becomes a decision with its reasons");
        var queue = storage.Queues.GetQueueClient("loan-applications");
        var sent = LoanSample.Applications(Applicants, ApplicantSeed).ToList();
        foreach (var application in sent) await queue.SendMessageAsync(application.ToJsonString(Json.Options), cancel);
        foreach (var application in sent)
        {
            var id = application["applicationId"]!.GetValue<string>();
            var found = await UntilAsync(() => applications.FindAsync(LoanSample.Portfolio, id, cancel), $"application {id} got no decision", cancel);
            var decision = found.Case!.Decision;
            say($"   {id}  {decision.Verdict.ToString().ToLowerInvariant(),-8}{decision.Points,7:F2} points, {decision.Probability:P1} risk");
            foreach (var reason in decision.Reasons) say($"       {-reason.PointsLost,7:F2}  {reason.Sentence}");
        }
    }

    private async Task ClassifyAsync(Uri address, CancellationToken cancel)
    {
        say("\n4  Ask POST /api/classify what customers mean");
        using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "x-functions-key", key.Value } } };
        using var response = await http.PostAsJsonAsync("classify", new { texts = CustomerServiceSample.Examples }, cancel);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<ClassifyAnswer>(Json.Options, cancel);
        foreach (var (text, result) in CustomerServiceSample.Examples.Zip(answer!.Results))
        {
            var best = result.Ambiguous ? string.Join(" or ", result.Top.Take(2).Select(t => t.Intent)) : result.Intent ?? "none of these";
            say($"   {best,-32} {result.Top[0].Probability,4:P0}  {text}");
        }
    }

    private void Addresses(Uri address, string data, TimeSpan took)
    {
        var application = LoanSample.Applications(1, ApplicantSeed).Single();
        var id = application["applicationId"];
        var ask = $"curl -s -H \"x-functions-key: $(cat {Path.Combine(data, DevelopmentKey.File)})\" {address}";
        say($"""

            Ready after {took.TotalSeconds:F0} s at {address} (Ctrl-C stops everything). Data: {data}. Try, from another terminal:
              {ask}classify -H 'content-type: application/json' -d '{"{"}"text":"my card has not arrived"{"}"}'
              {ask}decisions/{LoanSample.Portfolio}/{id}
              {ask}models
              {ask}applications -H 'content-type: application/json' -d '{application.ToJsonString(Json.Options)}'
              dotnet run --project training/Cli -- models list
            """);
    }

    private async Task<T> UntilAsync<T>(Func<Task<T?>> look, string otherwise, CancellationToken cancel)
        where T : class
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < Patience)
        {
            if (await look() is { } found) return found;
            await Task.Delay(Look, time, cancel);
        }

        throw new TimeoutException($"{otherwise} within {Patience.TotalMinutes:F0} minutes: look at the log above.");
    }
}
