using Serverless.Serving.Documents;
using Serverless.Training.Documents;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Documents;

public sealed class ReadingEvaluationTests
{
    [Fact]
    public void Characters_are_compared_where_they_stand_however_lines_are_cut()
    {
        var text = new TextTally();
        text.Add([new("Total 12.50", Box(0, 0, 200)), new("Thanks", Box(0, 50, 100))], [new("12.5O", 1, Box(120, 2, 80)), new("Total", 1, Box(0, 0, 90)), new("Thanks", 1, Box(0, 51, 100))]);
        Assert.Equal((17, 1), (text.Characters, text.Edits));
        Assert.Equal(1 - (1 / 16.0), text.PlainAccuracy, 12);
    }

    [Fact]
    public void What_was_not_read_and_what_is_not_there_counts()
    {
        var text = new TextTally();
        text.Add([new("abcd", Box(0, 0, 100))], [new("xy", 1, Box(0, 500, 100))]);
        Assert.Equal((4, 6, 0.0), (text.Characters, text.Edits, text.Accuracy));
    }

    [Fact]
    public void Wrong_value_counts_against_precision_and_recall()
    {
        var tally = new FieldTally();
        var truth = new Dictionary<KeyFieldName, TruthField> { [KeyFieldName.Total] = new("12.50", "12.50", default), [KeyFieldName.Company] = new("Café Weber, GmbH", "", default) };
        tally.Add(PaperKind.Receipt, truth, new() { Total = Field("12,50", "12.50", false), Company = Field("CAFE WEBER GMBH", "", false) });
        tally.Add(PaperKind.Receipt, truth, new() { Total = Field("1.50", "1.50", false), Date = Field("1/1/2020", "2020-01-01", true) });
        tally.Add(PaperKind.Form, truth, new());
        var total = tally.Figures[KeyFieldName.Total];
        Assert.Equal((2, 2, 1, 1, 0.5), (total.Papers, total.Found, total.Right, total.WrongUnseen, total.F1));
        var company = tally.Figures[KeyFieldName.Company];
        Assert.Equal((1, 0.5, 0), (company.Right, company.Recall, company.AsPrinted)); // the mark and the comma are lost
        Assert.Equal((0, 1, 0.0, 1), (tally.Figures[KeyFieldName.Date].Papers, tally.Figures[KeyFieldName.Date].Found, tally.Figures[KeyFieldName.Date].F1, tally.Figures[KeyFieldName.Date].ForHuman));
    }

    private static KeyField Field(string value, string normalised, bool forHuman) => new(value, normalised, 0.9, default, forHuman);

    private static PageBox Box(double x, double y, double width) => new(new(x, y), new(x + width, y), new(x + width, y + 20), new(x, y + 20));
}
