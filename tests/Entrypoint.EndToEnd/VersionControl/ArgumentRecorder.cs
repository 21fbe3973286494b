namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>A folder for the front of the <c>PATH</c>, in which a program stands that writes down its arguments before it is the real one.</summary>
public sealed class ArgumentRecorder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ArgumentRecorder(string program)
    {
        var path = _folder.Write($"bin/{program}", $"#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{_folder["arguments"]}'\nexec /usr/bin/{program} \"$@\"\n");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
    }

    /// <summary>The <c>PATH</c>.</summary>
    public string SearchPath => $"{_folder["bin"]}:/usr/bin:/bin:{Interpreter.SearchPath}";

    /// <summary>All arguments of all runs.</summary>
    public string Arguments => File.ReadAllText(_folder["arguments"]);

    public void Dispose() => _folder.Dispose();
}
