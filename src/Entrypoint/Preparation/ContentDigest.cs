using System.Globalization;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Preparation.Projects;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// The content of the dependency files: <c>environment.yml</c>, <c>setup.sh</c>, what the packages come from, the files that these name
/// with <c>-r</c> and <c>-c</c>, and all that is installed from here: the files of local packages, and where editable ones lie.
/// </summary>
internal sealed class ContentDigest
{
    private const int BlockSize = 1 << 16;

    /// <summary>Variables that name further requirements files for every pip.</summary>
    private static readonly string[] FileVariables = ["PIP_REQUIREMENT", "PIP_CONSTRAINT"];

    private readonly Fingerprint _name = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _editables = [];
    private readonly ProcessEnvironment _environment;

    private ContentDigest(string folder, ProcessEnvironment environment) => (Folder, _environment) = (folder, environment);

    /// <summary>The folder of the code.</summary>
    public string Folder { get; }

    /// <summary>A name: what is made for the content is found again by it, wherever the code lies.</summary>
    public string Name => _name.Name;

    /// <summary>Whether something counts that cannot be looked at here (a requirements file at a web address), so that "unchanged" can never be said.</summary>
    public bool HasUnknownParts { get; private set; }

    /// <summary>Whether code that is fetched is to be used from where it is put (<c>-e git+…</c>).</summary>
    public bool HasCheckouts { get; private set; }

    /// <summary>Whether what is made uses code that goes away with this run.</summary>
    public bool IsForThisRun(TemporaryFolders temporary) => _editables.Any(temporary.Holds);

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
            var list = PipList.Read(OsFile.ReadAllText(files.PathOf(name)));
            digest.AddNested(RequirementsLines.Read(list, environment), files.Folder);
        }

        packages?.Describe(digest);
        foreach (var nested in FileVariables.SelectMany(variable => (environment[variable] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            digest.AddNestedFile(nested, files.Folder);
        }

        return digest;
    }

    /// <summary>Adds a requirements file, with the files and local packages that it names.</summary>
    /// <param name="name">Its name in the code's folder.</param>
    public void AddRequirements(string name)
    {
        AddContent(Path.Combine(Folder, name), isNested: false);
        AddNested(Lines(Path.Combine(Folder, name)), Folder);
    }

    /// <summary>Adds a file, where it is there.</summary>
    /// <param name="label">What tells it from the others.</param>
    /// <param name="name">Its name in the code's folder; null where there is none.</param>
    public void AddFile(string label, string? name)
    {
        Add(label);
        if (name is not null)
        {
            AddContent(Path.Combine(Folder, name), isNested: false);
        }
    }

    /// <summary>Adds dependencies that are given to pip one by one, with the files that they lead to.</summary>
    public void AddDependencies(IReadOnlyList<Requirement> requirements)
    {
        Add(requirements.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var requirement in requirements)
        {
            Add(requirement.Text);
            if (requirement.Address is { } address && address.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            {
                AddPlaces([LocalPackage.WithoutFileScheme(address)]);
            }
        }
    }

    /// <summary>Adds files and folders by their content, those that are there.</summary>
    /// <param name="places">Paths, relative to the code's folder or absolute.</param>
    public void AddPlaces(IEnumerable<string> places)
    {
        foreach (var path in places.Select(place => Path.GetFullPath(place, Folder)))
        {
            if (OsFile.IsFolder(path))
            {
                AddTree(path);
            }
            else if (FileCalls.IsRegularFile(path))
            {
                AddContent(path, isNested: true);
            }
        }
    }

    /// <summary>Adds all files of a project: its content, not its place.</summary>
    public void AddTree(string folder)
    {
        if (_seen.Add(folder))
        {
            AddPackage(new LocalPackage(folder, IsEditable: false));
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

            HasCheckouts |= line.Editables.Any(editable => !LocalPackage.IsLocal(editable, Folder));
            foreach (var package in LocalPackage.In(line, Folder))
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
            HasUnknownParts = true;
            return;
        }

        var path = Path.GetFullPath(LocalPackage.WithoutFileScheme(name), folder);
        if (FileCalls.KindOf(path) is PathKind.Special)
        {
            // pip may read from it; what comes out of a pipe would be gone then.
            HasUnknownParts = true;
        }
        else if (_seen.Add(path) && OsFile.IsFile(path))
        {
            AddContent(path, isNested: true);
            AddNested(Lines(path), Path.GetDirectoryName(path)!);
        }
    }

    private void AddContent(string path, bool isNested)
    {
        try
        {
            AddBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (isNested)
            {
                // pip will say so, in its own words.
                HasUnknownParts = true;
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
        if (package.IsEditable)
        {
            Add(package.Path);
            _editables.Add(package.Path);
        }

        try
        {
            foreach (var file in package.Files)
            {
                Add(Path.GetRelativePath(package.Path, file));
                AddContent(file, isNested: true);
            }

            HasUnknownParts |= package.HasTooManyFiles;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            HasUnknownParts = true;
        }
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        var bytes = OsText.Encode(text);
        _name.Append(BitConverter.GetBytes((long)bytes.Length));
        _name.Append(bytes);
    }

    private void AddBytes(string path)
    {
        using var file = OsFile.OpenRead(path);
        _name.Append(BitConverter.GetBytes(file.Length));
        var block = new byte[BlockSize];
        for (int length; (length = file.Read(block)) > 0;)
        {
            _name.Append(block.AsSpan(0, length));
        }
    }

    private IEnumerable<RequirementsLine> Lines(string path)
    {
        try
        {
            return RequirementsLines.Read(OsFile.ReadAllText(path), _environment);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
