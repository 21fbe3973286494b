namespace Entrypoint.EndToEnd.Containers;

/// <summary>The README's <c>docker</c> commands, as printed, in a copy of this repository's folder.</summary>
[Collection(ContainerImages.Collection)]
public sealed class ReadmeTests : IDisposable
{
    /// <summary>What the commands use of this repository.</summary>
    private static readonly string[] Copied =
        ["docker", "src", "test-fixtures", ".dockerignore", ".editorconfig", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commands_do_what_they_say()
    {
        var commands = ReadmeCommands.Containing("docker ");
        Assert.NotEmpty(commands);
        await CopyRepositoryAsync();
        var program = _folder.Write("bin/docker", Docker());
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        await BuildTools.MakeAsync();

        foreach (var command in commands)
        {
            var result = await Tool.TryRunAsync(
                "bash", ["-c", $"PATH='{_folder["bin"]}':$PATH; {command}"], _folder["repository"], TimeSpan.FromMinutes(15));

            Assert.True(result.ExitCode == 0, $"{command}: {result}");
        }
    }

    /// <summary>Podman under docker's name, with what this machine needs.</summary>
    private static string Docker() =>
        $"""
        #!/bin/sh
        command=$1
        shift
        case $command in
            build|run) exec podman {string.Join(' ', Podman.Runtime)} "$command" {string.Join(' ', Podman.Surroundings)} "$@" ;;
            *) exec podman "$command" "$@" ;;
        esac

        """;

    private async Task CopyRepositoryAsync()
    {
        var copy = _folder["repository"];
        Directory.CreateDirectory(copy);
        await Tool.RunAsync("bash", ["-c", "tar --exclude bin --exclude obj --create \"${@:2}\" | tar --extract --directory \"$1\"", "copy", copy, .. Copied], Repository.Root);
        string[][] commands =
        [
            ["init", "--quiet", "--initial-branch=main"],
            ["add", "docker", "test-fixtures"],
            ["-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message=Copy"],
        ];
        foreach (var words in commands)
        {
            await Tool.RunAsync("git", words, copy);
        }
    }
}
