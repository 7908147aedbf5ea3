using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Worker;

/// <summary>
/// Tells a request's invocation where the Functions host tells it to a custom handler, so that the app's log names it. The rest is the
/// worker's: its span of the invocation goes on with the host's trace and has the id, and its log lines go to the host with it.
/// </summary>
internal sealed class Correlation : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http) http.Request.Headers["X-Azure-Functions-InvocationId"] = context.InvocationId;
        return next(context);
    }
}
