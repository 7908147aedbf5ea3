using Serverless.Cli;

return await CommandTree.RunAsync(args, new Terminal(Console.Out, Console.Error, Interactive: !Console.IsErrorRedirected));
