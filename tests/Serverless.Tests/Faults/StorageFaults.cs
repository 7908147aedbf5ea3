using System.Net;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Serving;

namespace Serverless.Tests.Faults;

/// <summary>
/// A storage account whose calls are recorded and can go wrong. It stands for one process: after a crash every further call throws,
/// so that no catch or finally of the code under test repairs anything; open another one to go on.
/// </summary>
/// <example>
/// <code>
/// var faults = new StorageFaults();
/// faults.Inject(Fault.CrashAfter, 3);
/// await Assert.ThrowsAsync&lt;CrashException&gt;(() => RunAsync(faults.Open(connection)));
/// </code>
/// </example>
internal sealed class StorageFaults
{
    private readonly Lock _gate = new();
    private readonly List<StorageCall> _calls = [];
    private readonly List<Injection> _injections = [];
    private volatile bool _dead;

    /// <summary>How late a <see cref="Fault.Delay"/> makes a call.</summary>
    public TimeSpan Late { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Told of every call before it is made.</summary>
    public Action<StorageCall>? Calling { get; init; }

    /// <summary>The calls so far, in order.</summary>
    public IReadOnlyList<StorageCall> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    /// <summary>How many calls went wrong.</summary>
    public int Hits { get; private set; }

    /// <summary>Opens an account as <see cref="StorageAccount.Open"/> does, with the SDK's retries but without their waits.</summary>
    public StorageAccount Open(string connectionString)
    {
        var blobs = new BlobClientOptions { Transport = new HttpClientTransport(new Handler(this, "blob")) };
        var queues = new QueueClientOptions { Transport = new HttpClientTransport(new Handler(this, "queue")), MessageEncoding = QueueMessageEncoding.Base64 };
        var rawQueues = new QueueClientOptions { Transport = queues.Transport };
        foreach (var retry in new[] { blobs.Retry, queues.Retry, rawQueues.Retry }) (retry.Delay, retry.MaxRetries) = (TimeSpan.FromMilliseconds(1), 3);
        return new(new BlobServiceClient(connectionString, blobs), new QueueServiceClient(connectionString, queues), new QueueServiceClient(connectionString, rawQueues));
    }

    /// <summary>Lets the n-th call go wrong, counted among those that match, and the calls after it as often as <paramref name="times"/> says.</summary>
    public void Inject(Fault fault, int call = 1, Func<StorageCall, bool>? matching = null, int times = 1)
    {
        lock (_gate) _injections.Add(new(fault, call, matching ?? (_ => true), times));
    }

    private Fault? Next(string service, HttpRequestMessage request)
    {
        lock (_gate)
        {
            var call = new StorageCall(_calls.Count + 1, request.Method.Method, $"{service}:{Resource(request.RequestUri!)}");
            _calls.Add(call);
            Calling?.Invoke(call);
            Fault? fault = null;
            foreach (var injection in _injections) fault ??= injection.Strikes(call);
            if (fault is not null) Hits++;
            return fault;
        }
    }

    // The emulator has the account as the first part of the path.
    private static string Resource(Uri uri)
    {
        var path = Uri.UnescapeDataString(string.Join('/', uri.AbsolutePath.Split('/').Skip(2)));
        var operation = uri.Query.TrimStart('?').Split('&').Where(p => p.StartsWith("comp=", StringComparison.Ordinal) || p.StartsWith("restype=", StringComparison.Ordinal));
        return string.Join('?', new[] { path, string.Join('&', operation) }.Where(p => p.Length > 0));
    }

    private sealed class Injection(Fault fault, int first, Func<StorageCall, bool> matching, int times)
    {
        private int _seen;
        private int _left = times;

        public Fault? Strikes(StorageCall call) => matching(call) && ++_seen >= first && _left-- > 0 ? fault : null;
    }

    private sealed class Handler(StorageFaults faults, string service) : HttpMessageHandler
    {
        private static readonly HttpMessageInvoker Network = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Alive();
            switch (faults.Next(service, request))
            {
                case Fault.Refuse:
                    return Answer(request, HttpStatusCode.ServiceUnavailable, "ServerBusy");
                case Fault.Error:
                    return Answer(request, HttpStatusCode.InternalServerError, "InternalError");
                case Fault.Forbid:
                    return Answer(request, HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch");
                case Fault.Break:
                    throw new IOException("The connection broke (injected).");
                case Fault.Cut:
                    await SendForNothingAsync(request, cancellationToken);
                    throw new IOException("The connection broke while the answer was read (injected).");
                case Fault.Duplicate:
                    await SendForNothingAsync(request, cancellationToken);
                    break;
                case Fault.Delay:
                    await Task.Delay(faults.Late, cancellationToken);
                    break;
                case Fault.CrashBefore:
                    faults._dead = true;
                    break;
                case Fault.CrashAfter:
                    await SendForNothingAsync(request, cancellationToken);
                    faults._dead = true;
                    break;
            }

            Alive();
            var response = await Network.SendAsync(request, cancellationToken);
            Alive(); // a parallel call may have been the last one
            return response;
        }

        private static async Task SendForNothingAsync(HttpRequestMessage request, CancellationToken cancel) => (await Network.SendAsync(request, cancel)).Dispose();

        private static HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode status, string code)
        {
            var response = new HttpResponseMessage(status) { RequestMessage = request, Content = new ByteArrayContent([]) };
            response.Headers.Add("x-ms-error-code", code);
            return response;
        }

        private void Alive()
        {
            if (faults._dead) throw new CrashException();
        }
    }
}
