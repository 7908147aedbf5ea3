using Serverless.Training.Backup;

namespace Serverless.Tests.Training.Backup;

public class BackupPartsTests
{
    [Theory]
    [InlineData("applications", "loans/A-1.json", BackupPart.Applications)]
    [InlineData("decision-log", "00/000012.jsonl", BackupPart.Log)]
    [InlineData("decision-anchors", "2026-03-01.json", BackupPart.Anchors)]
    [InlineData("models", "credit/loans/0123456789abcdef/model.onnx", BackupPart.Models)]
    [InlineData("models", "credit/loans/0123456789abcdef/manifest.json", BackupPart.Manifests)]
    [InlineData("models", "credit/loans/champion.json", BackupPart.Champions)]
    [InlineData("models", "credit/loans/history/20260301T0000000000000Z-1.json", BackupPart.History)]
    [InlineData("contracts", "credit/loans/1.json", BackupPart.Contracts)]
    [InlineData("contracts", "credit/loans/active.json", BackupPart.ActiveContracts)]
    [InlineData("contracts", "credit/loans/history/20260301T000000Z-0x1A2B.json", BackupPart.History)]
    [InlineData("runs", "credit/loans/0123456789abcdef0123456789abcdef.json", BackupPart.Runs)]
    [InlineData("datasets", "credit/loans/current.json", BackupPart.CurrentDatasets)]
    [InlineData("datasets", "credit/loans/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.json", BackupPart.Datasets)]
    [InlineData("datasets", "credit/loans/parts/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", BackupPart.DatasetParts)]
    [InlineData("feedback", "chat/waiting/0123456789abcdef-0123456789abcdef-0123456789abcdef.json", BackupPart.Feedback)]
    internal void Blob_of_the_app_belongs_to_its_part(string container, string name, BackupPart part) => Assert.Equal(part, BackupParts.Of(container, name));

    [Theory]
    [InlineData("applications", "loans/../A-1.json")]
    [InlineData("applications", "../models/A-1.json")]
    [InlineData("applications", "loans/.json")]
    [InlineData("applications", "loans/..json")]
    [InlineData("applications", "loans/A\\1.json")]
    [InlineData("applications", "/loans/A-1.json")]
    [InlineData("applications", "loans/a/A-1.json")]
    [InlineData("applications", "loans/A-1.json\n")]
    [InlineData("decision-log", "../000012.jsonl")]
    [InlineData("decision-log", "00/../000012.jsonl")]
    [InlineData("decision-log", "00/000012.jsonl\n")]
    [InlineData("decision-anchors", "../2026-03-01.json")]
    [InlineData("models", "credit/loans/../manifest.json")]
    [InlineData("models", "credit/loans/0123456789abcdef/../../x")]
    [InlineData("models", "credit/loans/0123456789abcdef/..")]
    [InlineData("models", "credit/../champion.json")]
    [InlineData("models", "credit/loans/history/../champion.json")]
    [InlineData("contracts", "credit/loans/../x.json")]
    [InlineData("runs", "credit/loans/lease.json")]
    [InlineData("runs", "text/chat/checkpoint/all-1")]
    [InlineData("runs", "credit/loans/../0123456789abcdef0123456789abcdef.json")]
    [InlineData("feedback", "chat/waiting/../0123456789abcdef-0123456789abcdef-0123456789abcdef.json")]
    [InlineData("feedback", "chat/other/0123456789abcdef-0123456789abcdef-0123456789abcdef.json")]
    [InlineData("drops", "credit/loans/x.csv")]
    [InlineData("datasets", "credit/loans/parts/..")]
    [InlineData("datasets", "credit/loans/parts/../current.json")]
    [InlineData("../models", "credit/loans/champion.json")]
    [InlineData("", "")]
    public void Any_other_belongs_to_none(string container, string name) => Assert.Null(BackupParts.Of(container, name));

    [Theory]
    [InlineData("runs", "credit/loans/lease.json", true)]
    [InlineData("runs", "text/chat/checkpoint/all-1", true)]
    [InlineData("runs", "text/chat/checkpoint", false)]
    [InlineData("runs", "text/chat/0123456789abcdef0123456789abcdef.json", false)]
    [InlineData("models", "text/chat/checkpoint/all-1", false)]
    public void What_belongs_to_work_under_way_is_no_stranger(string container, string name, bool underWay) => Assert.Equal(underWay, BackupParts.IsUnderWay(container, name));
}
