using Serverless.Training;

namespace Serverless.Tests.Training;

public class RunIdTests
{
    [Fact]
    public void Run_id_depends_on_data_contract_and_trainer_only()
    {
        var id = RunId.Of("data", ConstantFamily.Contract, new ConstantFamily());
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(id, RunId.Of("data", ConstantFamily.Contract, new ConstantFamily()));
        Assert.NotEqual(id, RunId.Of("other", ConstantFamily.Contract, new ConstantFamily()));
        Assert.NotEqual(id, RunId.Of("data", ConstantFamily.Contract with { Training = new() { Seed = 1 } }, new ConstantFamily()));
        Assert.NotEqual(id, RunId.Of("data", ConstantFamily.Contract, new ConstantFamily { Revision = 2 }));
    }
}
