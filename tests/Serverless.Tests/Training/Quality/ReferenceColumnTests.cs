using System.Text;
using Serverless.Serving;
using Serverless.Training.Quality;

namespace Serverless.Tests.Training.Quality;

public class ReferenceColumnTests
{
    [Fact]
    public void Numbers_fall_into_tenths_with_missing_and_special_bins_of_their_own()
    {
        int[] codes = [.. new int[100], -1, -1, -2, ReferenceColumn.None];
        double[] numbers = [.. Enumerable.Range(1, 100).Select(n => (double)n), 0, 0, 0, 0];
        var reference = ReferenceColumn.Of("income", ["-9"], codes, numbers);
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90], reference.Cuts!);
        Assert.All(reference.Shares!, s => Assert.Equal(10.0 / 103, s, 12));
        Assert.Equal((103, 2.0 / 103, 1.0 / 103), (reference.Rows, reference.MissingShare, reference.Special["-9"]));
        Assert.Equal(0, reference.Compare(["-9"], codes, numbers)!.Psi, 12);
    }

    [Fact]
    public void Value_that_most_rows_have_is_a_bin_of_its_own()
    {
        double[] numbers = [.. new double[95], 1, 2, 3, 4, 5];
        var reference = ReferenceColumn.Of("late", [], new int[100], numbers);
        Assert.Equal([0.0], reference.Cuts!);
        Assert.Equal([0.95, 0.05], reference.Shares!);
    }

    [Fact]
    public void Rare_values_are_pooled_and_values_that_were_not_known_count_among_them()
    {
        string[] names = ["car", "home", "yacht", "moon"];
        int[] codes = [.. Enumerable.Repeat(0, 600), .. Enumerable.Repeat(1, 395), .. Enumerable.Repeat(2, 5)];
        var reference = ReferenceColumn.Of("purpose", [], codes, [], place => names[place]);
        Assert.Equal(["car", "home"], reference.Values!.Keys);
        Assert.Equal(0.005, reference.Other, 12);
        Assert.Equal([600, 395, 5, 0], reference.Expected().Select(r => Math.Round(r, 6)));
        Assert.Equal([1.0, 0, 2, 1], reference.Count([], [0, 2, 3, -1], [], place => names[place]));
    }

    [Fact]
    public void Special_code_that_the_reference_does_not_know_counts_as_missing()
    {
        var reference = ReferenceColumn.Of("income", ["-9"], [0, 0], [1, 2]);
        Assert.Equal([0, 0, 1, 1], reference.Count(["-8", "-9"], [-2, -3], [0, 0], null));
    }

    [Fact]
    public void Special_code_that_is_written_otherwise_is_the_same()
    {
        var reference = ReferenceColumn.Of("income", ["-9"], [0, 0, -2], [1, 2, 0]);
        Assert.Equal(0, reference.Compare(["-9.0"], [0, 0, -2], [1, 2, 0])!.Psi, 12);
        Assert.Equal([0, 0, 1, 0], ReferenceColumn.Of("kind", ["1"], [0], [], _ => "a").Count(["1.0"], [-2], [], _ => "a")); // texts are not numbers
    }

    [Fact]
    public void Column_that_changed_between_number_and_category_is_not_compared() =>
        Assert.Null(ReferenceColumn.Of("income", [], [0, 0], [1, 2]).Compare([], [0], [], _ => "a"));

    [Fact]
    public void Profile_reads_what_it_wrote_and_leaves_a_later_form_alone()
    {
        var profile = new ModelProfile
        {
            Rows = 2,
            Columns = [ReferenceColumn.Of("income", ["-9"], [0, -2], [1, 2]), ReferenceColumn.Of("purpose", [], [0, 0], [], _ => "car")],
            Outcomes = EventRate.Of(2, 1),
            Months = [new("2026-01", 2, 0, EventRate.Of(2, 1))],
        };
        var json = Json.File(profile);
        Assert.Equal(json, Json.File(ModelProfile.Read(json)!));
        Assert.Null(ModelProfile.Read("""{"format": 2, "rows": 1, "more": []}"""u8));
        Assert.Throws<InvalidModelException>(() => ModelProfile.Read("[]"u8));
        Assert.Throws<InvalidModelException>(() => ModelProfile.Read(Encoding.UTF8.GetBytes("""{"format": 1, "rows":""")));
    }
}
