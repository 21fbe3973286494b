using System.Text;
using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>
/// The content of the dependency files: the three files, the files that they name with <c>-r</c> and <c>-c</c>, and the local packages
/// that they name.
/// </summary>
internal sealed partial class ContentDigest
{
    /// <summary>Local packages are read up to so many bytes; of the rest only sizes and times count.</summary>
    private const long MostRead = 64 << 20;

    private readonly Fingerprint _name = new();
    private readonly Fingerprint _state = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly ProcessEnvironment _environment;
    private readonly string _folder;
    private long _read;

    private ContentDigest(string folder, ProcessEnvironment environment) => (_folder, _environment) = (folder, environment);

    /// <summary>A name: what is made for the content is found again by it, wherever the code lies.</summary>
    public string Name => _name.Name;

    /// <summary>
    /// A name for that and for all that is installed from here besides: the files of local packages, and where editable ones lie. When it
    /// changes, pip has to run again, in the environment of the same <see cref="Name"/>.
    /// </summary>
    public string State => _state.Name;

    /// <summary>Whether something counts that cannot be looked at here (a requirements file at a web address), so that "unchanged" can never be said.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="EntrypointException">74 or 77: a dependency file cannot be read.</exception>
    public static ContentDigest Of(DependencyFiles files, IPackageSource? packages, ProcessEnvironment environment)
    {
        var digest = new ContentDigest(files.Folder, environment);
        digest.AddFile("environment", files.Environment);
        digest.AddFile("setup", files.Setup);
        digest.Add("requirements");
        if (files.Environment is { } name)
        {
            digest.AddNested(digest.EnvironmentLines(files.PathOf(name)), files.Folder);
        }

        packages?.Describe(digest);
        return digest;
    }

    /// <summary>Adds a requirements file, with the files and local packages that it names.</summary>
    /// <param name="name">Its name in the code's folder.</param>
    public void AddRequirements(string name)
    {
        AddContent(Path.Combine(_folder, name), isNested: false);
        AddNested(Lines(Path.Combine(_folder, name)), _folder);
    }

    /// <summary>Adds a file, where it is there.</summary>
    /// <param name="label">What tells it from the others.</param>
    /// <param name="name">Its name in the code's folder; null where there is none.</param>
    public void AddFile(string label, string? name)
    {
        Add(label);
        if (name is not null)
        {
            AddContent(Path.Combine(_folder, name), isNested: false);
        }
    }

    private void AddNested(IEnumerable<RequirementsLine> lines, string folder)
    {
        foreach (var line in lines)
        {
            // A variable chooses what is installed, but a token in an address changes all the time.
            if (line.HasVariables && !line.Text.Contains("://", StringComparison.Ordinal))
            {
                Add(line.Text);
            }

            foreach (var name in line.NestedFiles)
            {
                AddNestedFile(name, folder);
            }

            foreach (var package in LocalPackage.In(line, _folder))
            {
                AddPackage(package);
            }
        }
    }

    private void AddNestedFile(string name, string folder)
    {
        Add(name);
        if (name.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || name.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            IsOpen = true;
            return;
        }

        var path = Path.GetFullPath(LocalPackage.WithoutFileScheme(name), folder);
        if (FileCalls.KindOf(path) is PathKind.Special)
        {
            // pip may read from it; what comes out of a pipe would be gone then.
            IsOpen = true;
        }
        else if (_seen.Add(path) && File.Exists(path))
        {
            AddContent(path, isNested: true);
            AddNested(Lines(path), Path.GetDirectoryName(path)!);
        }
    }

    private void AddContent(string path, bool isNested)
    {
        try
        {
            Add(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (isNested)
            {
                // pip will say so, in its own words.
                IsOpen = true;
                return;
            }

            throw new EntrypointException(
                exception is UnauthorizedAccessException ? ExitCode.NoPermission : ExitCode.InputOutput,
                $"Cannot read {path}: {exception.Message}",
                exception);
        }
    }

    private void AddPackage(LocalPackage package)
    {
        foreach (var file in package.Description.Select(path => new FileInfo(path)))
        {
            _read += file.Length;
            Add(_read <= MostRead && Read(file.FullName) is { } content ? content : OsText.Encode($"{file.Name} {file.Length}"));
        }

        AddState(OsText.Encode(package.IsEditable ? package.Path : ""));
        foreach (var file in package.Files)
        {
            AddState(OsText.Encode(Path.GetRelativePath(package.Path, file.FullName)));
            _read += file.Length;
            AddState(_read <= MostRead && Read(file.FullName) is { } content
                ? content
                : OsText.Encode($"{file.Length} {new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds()}"));
        }
    }

    private static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text) => Add(OsText.Encode(text));

    private void Add(byte[] bytes)
    {
        _name.Append(BitConverter.GetBytes(bytes.Length));
        _name.Append(bytes);
        AddState(bytes);
    }

    private void AddState(byte[] bytes)
    {
        _state.Append(BitConverter.GetBytes(bytes.Length));
        _state.Append(bytes);
    }

    private IEnumerable<RequirementsLine> Lines(string path)
    {
        try
        {
            return RequirementsLines.Read(File.ReadAllText(path), _environment);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The lines of the <c>pip:</c> list in an environment.yml that name files (<c>- -r requirements.txt</c>).</summary>
    private IEnumerable<RequirementsLine> EnvironmentLines(string path)
    {
        var options = new StringBuilder();
        foreach (Match match in ListedOption().Matches(File.ReadAllText(path).ReplaceLineEndings("\n")))
        {
            options.Append(match.Groups["option"].Value.Trim().Trim('"', '\'')).Append('\n');
        }

        return RequirementsLines.Read(options.ToString(), _environment);
    }

    [GeneratedRegex(@"^\s*-\s+(?<option>[""']?(-r|-c|-e|--requirement|--constraint|--editable|\.|/|file:)[^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex ListedOption();
}
