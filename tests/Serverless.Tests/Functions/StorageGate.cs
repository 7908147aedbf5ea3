using System.Net;
using System.Net.Sockets;

namespace Serverless.Tests.Functions;

/// <summary>Stands before the blob service of a connection; while it is shut, requests wait, and those given up never get through.</summary>
internal sealed class StorageGate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Uri _service;
    private readonly Task _serving;
    private volatile bool _shut;

    public StorageGate(string connection)
    {
        _listener.Start();
        _service = new Uri(connection.Split(';').Single(p => p.StartsWith("BlobEndpoint=", StringComparison.Ordinal))["BlobEndpoint=".Length..]);
        Connection = connection.Replace(_service.Authority, _listener.LocalEndpoint.ToString()!, StringComparison.Ordinal);
        _serving = ServeAsync();
    }

    /// <summary>The connection through the gate.</summary>
    public string Connection { get; }

    /// <summary>Ends when a request waits.</summary>
    public TaskCompletionSource Waiting { get; } = new();

    /// <summary>Ends when a request that waited was given up.</summary>
    public TaskCompletionSource GivenUp { get; } = new();

    public void Shut() => _shut = true;

    public void Open() => _shut = false;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _serving;
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task ServeAsync()
    {
        var passing = new List<Task>();
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        await Task.WhenAll(passing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // connections that broke off are what the gate is for
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(_service.Host, _service.Port, _ended.Token);
            var answering = server.GetStream().CopyToAsync(client.GetStream(), _ended.Token);
            var buffer = new byte[1 << 16];
            while (await client.GetStream().ReadAsync(buffer, _ended.Token) is var read and > 0)
            {
                while (_shut)
                {
                    Waiting.TrySetResult();
                    if (client.Client.Poll(0, SelectMode.SelectRead) && client.Available == 0)
                    {
                        GivenUp.TrySetResult();
                        return;
                    }

                    await Task.Delay(10, _ended.Token);
                }

                await server.GetStream().WriteAsync(buffer.AsMemory(0, read), _ended.Token);
            }

            server.Client.Shutdown(SocketShutdown.Send);
            await answering;
        }
    }
}
