using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Functions.Http;

namespace Serverless.Functions.Worker;

/// <summary>
/// Puts the outermost step of the other hosts around every HTTP function: problem details for whatever went wrong, while the answer is
/// written too, and the security headers. Other triggers' exceptions go on to the host, which tries again.
/// </summary>
internal sealed class Problems(ILogger<Faults> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        var faults = new Faults(
            async _ =>
            {
                await next(context);
                if (context.GetInvocationResult().Value is IResult answer) await answer.ExecuteAsync(http);
            },
            log);
        await faults.InvokeAsync(http);
        context.GetInvocationResult().Value = Results.Empty; // it is written already
    }
}
