using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class ModelFaultsTests
{
    [Theory]
    [InlineData("income & nowhere", "'glassBox.remove' lists 'income & nowhere', which is no input and no pair of inputs: write a column's name, or two as \"first & second\".")]
    [InlineData("sex", "'glassBox.remove' lists 'sex', which is no input and no pair of inputs: write a column's name, or two as \"first & second\".")]
    public void Term_that_is_none_cannot_be_removed(string term, string fault) => Told(new GlassBoxRules { Remove = [term] }, fault);

    [Fact]
    public void Stretch_that_is_none_cannot_be_flattened()
    {
        Told(new GlassBoxRules { Flatten = [new() { Column = "purpose" }] }, "'glassBox.flatten' names 'purpose', which is no input that is a number or date: correct it or remove it.");
        Told(new GlassBoxRules { Flatten = [new() { Column = "income", From = 5, To = 1 }] }, "'glassBox.flatten' has a stretch of 'income' whose 'from' is above its 'to': swap them.");
    }

    [Fact]
    public void Kind_twice_is_a_fault() => Told(CreditExample.Contract with { Models = new() { Kinds = [ModelKind.GlassBox, ModelKind.GlassBox] } }, "'models.kinds' lists a kind twice: list each once, the preferred one first.");

    [Fact]
    public void Kind_that_is_not_trained_is_a_fault() => Told(CreditExample.Contract with { Models = new() { Kinds = [ModelKind.Imported] } }, "'models.kinds' lists 'imported', which is not trained here: remove it, and run 'serverless models register' for a graph that was trained elsewhere.");

    [Fact]
    public void Pair_that_does_not_fit_its_columns_is_not_loaded()
    {
        var card = CreditExample.Card with { Kind = ModelKind.GlassBox, Pairs = [new(0, 1, [0, 0, 0, 0, 0], [0, 0, 0], [7], 0)] };
        Assert.Contains("a pair does not fit the bins of its columns", Assert.Throws<InvalidModelException>(() => CreditExample.Scorer(card)).Message, StringComparison.Ordinal);
    }

    private static void Told(GlassBoxRules rules, string fault) => Told(CreditExample.Contract with { GlassBox = rules }, fault);

    private static void Told(CreditContract contract, string fault) =>
        Assert.Equal([fault], Assert.IsType<Outcome<DataContract>.Rejected>(new CreditFamily().ReadContract(Json.File(contract))).Reasons);
}
