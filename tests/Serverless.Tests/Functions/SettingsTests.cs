using Microsoft.Extensions.Configuration;
using Serverless.Functions;
using Serverless.Functions.CustomHandler;
using Serverless.Functions.Embedded;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests.Functions;

public class SettingsTests
{
    [Fact]
    public void Faults_are_listed_all_at_once()
    {
        var error = Assert.Throws<SettingsException>(() => Settings.Read<EmbeddedSettings>(
            Configuration(("Port", "70000"), ("InFlight", "00:00:00"), ("BlobScan", "00:00:00"), ("StopGrace", "-00:00:01")), s => s.Faults()));
        Assert.Equal(
            """
            Embedded:Port must be 0 to 65535.
            Embedded:InFlight must be 1 second to 7 days, as 00:10:00.
            Embedded:BlobScan must be at least 00:00:00.05.
            Embedded:StopGrace must be 0 to 10 minutes.
            """, error.Message);
    }

    [Fact]
    public void Retraining_keeps_to_what_the_storage_allows()
    {
        var error = Assert.Throws<SettingsException>(() => Settings.Read<RetrainingOptions>(
            Configuration(("Lease", "00:02:00"), ("MissedAfter", "-00:00:01"), ("CheckpointEvery", "-00:00:01")), s => s.Faults()));
        Assert.Equal("Retraining:Lease must be 15 to 60 seconds, as 00:01:00.\nRetraining:MissedAfter must not be negative.\nRetraining:CheckpointEvery must not be negative: 00:00:20 is usual.", error.Message);
        Assert.Equal(new RetrainingOptions(), Settings.Read<RetrainingOptions>(Configuration(), s => s.Faults()));
    }

    [Fact]
    public void Value_of_another_type_names_its_setting()
    {
        var error = Assert.Throws<SettingsException>(() => Settings.Read<EmbeddedSettings>(Configuration(("Port", "first")), s => s.Faults()));
        Assert.Contains("Port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_hold_without_any_setting() =>
        Assert.Equal(new EmbeddedSettings(), Settings.Read<EmbeddedSettings>(Configuration(), s => s.Faults()));

    [Theory]
    [InlineData("batchSize", "33")]
    [InlineData("batchSize", "0")]
    [InlineData("newBatchThreshold", "-1")]
    [InlineData("maxDequeueCount", "0")]
    [InlineData("maxPollingInterval", "00:00:00")]
    [InlineData("visibilityTimeout", "-00:00:01")]
    [InlineData("messageEncoding", "none")]
    public void Host_json_outside_its_limits_is_refused_by_name(string name, string value)
    {
        var error = Assert.Throws<SettingsException>(() => HostFile.Read(Configuration(($"extensions:queues:{name}", value))));
        Assert.Contains($"extensions.queues.{name}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "00:30:00")]
    [InlineData("00:05:00", "00:05:00")]
    [InlineData("-1", "-00:00:00.0010000")] // how the platform says: without end
    public void Function_timeout_is_a_time_or_none(string? value, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), HostFile.Read(Configuration(("functionTimeout", value))).FunctionTimeout);

    [Theory]
    [InlineData("-2")]
    [InlineData("00:00:00")]
    [InlineData("100.00:00:00")]
    [InlineData("long")]
    public void Function_timeout_of_another_form_is_refused_with_what_to_write(string value)
    {
        var error = Assert.Throws<SettingsException>(() => HostFile.Read(Configuration(("functionTimeout", value))));
        Assert.Equal("host.json functionTimeout must be a time of up to 24 days, as 00:30:00, or -1 for none.", error.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("every night")]
    [InlineData("30 2 * * *")]
    [InlineData("0 61 * * * *")]
    public void Schedule_of_another_form_is_refused_with_what_to_write(string? schedule)
    {
        var error = Assert.Throws<SettingsException>(() => new Binding { Name = "night", Schedule = schedule }.Cron);
        Assert.Equal(
            $"The schedule '{schedule}' of timer trigger 'night' is not six fields of cron: write second, minute, hour, day, month and day of the week, as 0 30 2 * * * for 02:30 UTC every day.",
            error.Message);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("7071", 7071)]
    public void Port_of_the_functions_host_decides_the_mode(string? value, int? port) =>
        Assert.Equal(port, Protocol.Port(Configuration(("FUNCTIONS_CUSTOMHANDLER_PORT", value))));

    [Theory]
    [InlineData("x")]
    [InlineData("65536")]
    [InlineData("-1")]
    public void Port_that_is_none_is_refused(string value) =>
        Assert.Throws<SettingsException>(() => Protocol.Port(Configuration(("FUNCTIONS_CUSTOMHANDLER_PORT", value))));

    [Fact]
    public void Polling_waits_double_with_jitter_up_to_the_longest_and_start_over_after_work()
    {
        var delay = new PollingDelay(TimeSpan.FromSeconds(1), new Random(1));
        double[] expected = [100, 200, 400, 800, 1000, 1000];
        foreach (var middle in expected) Assert.InRange(delay.Next().TotalMilliseconds, middle * 0.8, Math.Min(middle * 1.2, 1000));
        delay.Reset();
        Assert.InRange(delay.Next().TotalMilliseconds, 80, 120);
    }

    private static IConfiguration Configuration(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, s.Value))).Build();
}
