using System.Reflection;
using System.Xml.Linq;
using Serverless.Tests.Functions;

namespace Serverless.Tests.House;

/// <summary>TorchSharp's library loads on Debian 12 and Ubuntu 22.04, built and published; that training runs is shown where models are trained.</summary>
public class TorchLibraryTests(PublishedApp published)
{
    private const string Library = "libLibTorchSharp.so";
    private const string InBuild = $"runtimes/linux-x64/native/{Library}";

    [Fact]
    public void Built_library_is_the_packages_with_one_need_made_weak()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library of Linux.");
        var version = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Single(p => p.Attribute("Include")!.Value == "TorchSharp").Attribute("Version")!.Value;
        var packages = typeof(TorchLibraryTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Packages").Value!;
        var package = File.ReadAllBytes(Path.Combine(packages, "torchsharp", version, InBuild));
        var built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, InBuild));
        Assert.Equal(package.Length, built.Length);
        var place = Assert.Single(Enumerable.Range(0, built.Length), i => package[i] != built[i]);
        Assert.Equal((0, 2), (package[place], built[place])); // VER_FLG_WEAK

        // In front of it stands the need's hash, that of ELF (System V ABI, gABI 4.1, figure 5-13).
        Assert.Equal(HashOf("GLIBCXX_3.4.32"), BitConverter.ToUInt32(built, place - 4));
    }

    [Fact]
    public async Task Published_library_is_the_built_one()
    {
        var folder = await published.FolderAsync();
        Assert.Equal(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, InBuild)), File.ReadAllBytes(Path.Combine(folder, Library)));
        Assert.True(File.Exists(Path.Combine(folder, "libtorch_cpu.so")));
    }

    [Fact]
    public void App_that_only_answers_brings_no_torch() =>
        Assert.DoesNotContain("torch", Repository.Read("functions/App/packages.slim.lock.json"), StringComparison.OrdinalIgnoreCase);

    private static uint HashOf(string name)
    {
        uint hash = 0;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}
