using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class TextDropTests
{
    private static readonly TextContract Lenient = TrainedText.Contract with { Training = new() { MaxRowsInError = 0.5 } };
    private const string Good = "one,a\ntwo,a\nthree,b\nfour,b\n";

    [Theory]
    [InlineData("", "The file is empty: drop a CSV with a header line and rows.")]
    [InlineData("text,intent\n", "The file has a header but no rows: drop a CSV with rows.")]
    [InlineData("words,intent\nhi,a\n", "The header has no column 'text', which the contract names for the text: add it to the file or mend the contract.")]
    [InlineData("text,label\nhi,a\n", "The header has no column 'intent', which the contract names for the intent: add it to the file or mend the contract.")]
    [InlineData("text,intent\none,a\ntwo,a\n", "'intent' has fewer than two intents: drop texts of at least two.")]
    [InlineData("text,intent\none,other\ntwo,other\n", "'intent' has fewer than two intents: drop texts of at least two.")]
    [InlineData("text,intent\none,a\ntwo,a\nthree,b\n", "1 intents have only one text: give each at least two different ones, or remove it.", "row 3: the only text of its intent")]
    [InlineData("text,intent\none,a\ntwo,a\nthree,b\nthree,b\n", "1 intents have only one text: give each at least two different ones, or remove it.", "row 3: the only text of its intent")]
    [InlineData("text,intent\n" + Good + "five\n", "1 of 5 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", "row 5: has not as many fields as the header")]
    [InlineData("text,intent\n" + Good + "five,b,c\n", "1 of 5 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", "row 5: has not as many fields as the header")]
    [InlineData("text,intent\n \t,a\n" + Good, "1 of 5 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", "row 1: 'text' is empty")]
    [InlineData("text,intent\nhi, \n" + Good, "1 of 5 rows are in error, more than the contract's 1.0 %: mend them and drop the file again.", "row 1: 'intent' is empty")]
    public async Task Bad_drop_is_rejected_with_its_faults(string csv, params string[] reasons) =>
        Assert.Equal(reasons, Assert.IsType<Outcome<TrainingRows>.Rejected>(await TrainedText.ReadAsync(csv)).Reasons);

    [Fact]
    public async Task Texts_are_read_without_personal_numbers()
    {
        var rows = Rows(await TrainedText.ReadAsync("text,intent\ncard 4111111111111111,a\nto DE89 3704 0044 0532 0130 00,a\ncall +44 7700 900123,b\nssn 219-09-9999,b\na@b.example,other\n"));
        Assert.Equal(["card [card]", "to [iban]", "call [phone]", "ssn [id]"], rows.InScope.Select(r => r.Text));
        Assert.Equal(["[email]"], rows.OutOfScope.Select(r => r.Text));
    }

    [Fact]
    public async Task Text_and_intent_over_their_limits_are_faults()
    {
        var csv = $"text,intent\n{new string('x', 2000)},a\n{new string('x', 2001)},a\nhi,{new string('y', 200)}\nhi,{new string('y', 201)}\n";
        var rejected = Assert.IsType<Outcome<TrainingRows>.Rejected>(await TrainedText.ReadAsync(csv));
        Assert.Equal(["row 2: 'text' is longer than 2000 characters", "row 4: 'intent' is longer than 200 characters"], rejected.Reasons.Skip(1));
    }

    [Fact]
    public async Task Rows_in_error_within_the_share_are_left_out()
    {
        var rows = Rows(await TrainedText.ReadAsync("text,intent\n,a\n" + Good + "wine?,other\n", Lenient));
        Assert.Equal((5, 1), (rows.Count, rows.RowsInError));
        Assert.Equal(["a", "b"], rows.Intents);
        Assert.Equal([0, 0, 1, 1], rows.InScope.Select(r => r.Class));
        Assert.Equal([2, 3, 4, 5], rows.InScope.Select(r => r.Row)); // as the file has them
        Assert.Equal("row 2", rows.Place(2));
        Assert.Equal("wine?", Assert.Single(rows.OutOfScope).Text);
    }

    [Fact]
    public async Task Id_is_the_key_and_a_repeated_one_is_a_fault()
    {
        var contract = Lenient with { IdColumn = "id" };
        var rows = Rows(await TrainedText.ReadAsync("id,text,intent\n1,one,a\n2,two,a\n1,three,a\n4,four,b\n ,five,b\n6,six,b\n", contract));
        Assert.Equal((4, 2), (rows.Count, rows.RowsInError));
        Assert.Equal(RowKeys.Of("4"), rows.InScope[2].Key);
        var missing = Assert.IsType<Outcome<TrainingRows>.Rejected>(await TrainedText.ReadAsync("text,intent\nhi,a\n", contract));
        Assert.Equal(["The header has no column 'id', which the contract names for the id: add it to the file or mend the contract."], missing.Reasons);
    }

    [Fact]
    public async Task Column_that_holds_no_intents_is_rejected()
    {
        var csv = "text,intent\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"one,i{i}\ntwo,i{i}\n"));
        var rejected = Assert.IsType<Outcome<TrainingRows>.Rejected>(await TrainedText.ReadAsync(csv));
        Assert.Equal(["'intent' has 1001 intents, more than 1000: name the column that holds intents in the contract."], rejected.Reasons);
    }

    private static TextRows Rows(Outcome<TrainingRows> outcome) => (TextRows)Assert.IsType<Outcome<TrainingRows>.Done>(outcome).Value;
}
