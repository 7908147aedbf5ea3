namespace Serverless.Serving;

/// <summary>Settings that cannot be used; the message lists all faults, each with what to write.</summary>
public sealed class SettingsException(params IReadOnlyList<string> faults) : Exception(string.Join('\n', faults));
