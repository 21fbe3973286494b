using System.Collections.Immutable;
using Entrypoint.Linux;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>Installs what a script asks for in its PEP 723 block.</summary>
internal sealed class ScriptSource(SourceContext context, string name, ScriptBlock block) : IPackageSource
{
    /// <summary>Larger files are no scripts.</summary>
    private const long MostRead = 16 << 20;

    public string Name => name;

    public string Summary => PipRequirements.Summary(block.Dependencies);

    public bool IsAlwaysApart => true;

    public bool HasExtras => false;

    public bool HasGroups => false;

    public bool InstallsNothing => block.Dependencies.Count == 0;

    /// <summary>The source, where the code is one script that has such a block.</summary>
    /// <exception cref="Failures.EntrypointException">78: the block is broken.</exception>
    public static IPackageSource? Find(SourceContext context)
    {
        var tree = context.Tree;
        if (tree.IsDirectory || !context.Has(tree.Main) || FileCalls.Status(tree.Main) is not { Succeeded: true, Value.Size: <= MostRead })
        {
            return null;
        }

        var name = Path.GetFileName(tree.Main);
        return ScriptBlock.Read(SourceContext.Read(tree.Main), name) is { } block ? new ScriptSource(context, name, block) : null;
    }

    public void Describe(ContentDigest content)
    {
        content.Add("script");
        content.Add(block.Python?.Text ?? "");
        content.AddDependencies(block.Dependencies);
    }

    public ImmutableArray<string> Command(string interpreter) => PipRequirements.Command(interpreter, block.Dependencies);

    public void Require(PythonFacts? facts, string interpreter) => PythonCheck.Require(block.Python, name, facts, interpreter);

    public Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        if (block.NamesIndexes)
        {
            NotRead.SayIndexes(context.Tools.Log, $"The script block of {name}");
        }

        NotRead.Say(context, target.Facts, hasLock: false);
        return Pip.RunAsync(Command(target.Interpreter), target, progress, cancellationToken);
    }
}
