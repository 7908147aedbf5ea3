using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Serverless.Worker.Tests.Rpc;

namespace Serverless.Worker.Tests;

/// <summary>The one stream between host and worker: each request waits for the message that answers it.</summary>
internal sealed class Conversation : FunctionRpc.FunctionRpcBase
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _awaited = new();
    private readonly Channel<StreamingMessage> _asked = Channel.CreateUnbounded<StreamingMessage>();

    /// <summary>Log lines that the worker sent.</summary>
    public ConcurrentQueue<string> Logs { get; } = new();

    public override Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context) =>
        Task.WhenAll(HearAsync(requestStream, context.CancellationToken), SayAsync(responseStream, context.CancellationToken));

    public async Task<WorkerInitResponse> InitialiseAsync(string folder)
    {
        await _begun.Task;
        var answer = await AskAsync("init", new() { WorkerInitRequest = new() { HostVersion = "4.1037.0", WorkerDirectory = folder, FunctionAppDirectory = folder } });
        return answer.WorkerInitResponse;
    }

    /// <summary>Asks for the functions and has each loaded.</summary>
    public async Task<IReadOnlyList<RpcFunctionMetadata>> LoadAsync(string folder)
    {
        var indexed = (await AskAsync("index", new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = folder } })).FunctionMetadataResponse;
        Succeeded(indexed.Result);
        foreach (var function in indexed.FunctionMetadataResults)
        {
            var load = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
            Succeeded((await AskAsync($"load {function.Name}", new() { FunctionLoadRequest = load })).FunctionLoadResponse.Result);
        }

        return indexed.FunctionMetadataResults;
    }

    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request) =>
        (await AskAsync(request.InvocationId, new() { InvocationRequest = request })).InvocationResponse;

    private static void Succeeded(StatusResult result) => Assert.True(result.Status == StatusResult.Types.Status.Success, result.Exception?.Message);

    private async Task HearAsync(IAsyncStreamReader<StreamingMessage> fromWorker, CancellationToken ended)
    {
        await foreach (var message in fromWorker.ReadAllAsync(ended))
        {
            if (message.ContentCase == StreamingMessage.ContentOneofCase.StartStream) _begun.TrySetResult();
            else if (message.ContentCase == StreamingMessage.ContentOneofCase.RpcLog) Logs.Enqueue($"{message.RpcLog.Category}: {message.RpcLog.Message}");
            else if (_awaited.TryRemove(message.RequestId, out var awaited)) awaited.SetResult(message);
        }
    }

    private async Task SayAsync(IServerStreamWriter<StreamingMessage> toWorker, CancellationToken ended)
    {
        await foreach (var message in _asked.Reader.ReadAllAsync(ended)) await toWorker.WriteAsync(message, ended);
    }

    private Task<StreamingMessage> AskAsync(string id, StreamingMessage question)
    {
        var answer = _awaited[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        question.RequestId = id;
        _asked.Writer.TryWrite(question);
        return answer.Task;
    }
}
