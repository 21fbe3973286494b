using System.Text.Json.Serialization;
using System.Text.Json;
using Entrypoint.Linux;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>What only a Python itself can tell about itself.</summary>
/// <param name="Version">"3.11.2".</param>
/// <param name="StandardLibrary">Where <c>EXTERNALLY-MANAGED</c> stands if the distribution wants pip to keep away (PEP 668).</param>
/// <param name="InstallFolders">Where pip installs to: purelib and platlib.</param>
/// <param name="PackageFolders">All folders with packages that it sees, the former among them, there or not.</param>
/// <param name="IsVirtual">Whether it is a virtual environment's.</param>
/// <param name="SeesSystem">Whether a virtual environment's sees the packages outside of it too.</param>
/// <param name="HasPip">Whether it can import pip.</param>
/// <param name="Executable">The program itself, all links resolved: not that of a launcher that has started it.</param>
/// <param name="Prefix">Where it is installed, or its virtual environment.</param>
/// <param name="BasePrefix">Where it is installed.</param>
/// <param name="Abi">Which compiled packages it can load.</param>
internal sealed record PythonFacts(
    string Version,
    string StandardLibrary,
    string[] InstallFolders,
    string[] PackageFolders,
    bool IsVirtual,
    bool SeesSystem,
    bool HasPip,
    string Executable,
    string Prefix,
    string BasePrefix,
    string Abi)
{
    /// <summary>What the line with the facts begins with: whatever else Python loads (a tracer, a sitecustomize) may print lines of its own.</summary>
    private const string Mark = "entrypoint-facts:";

    /// <summary>Prints the facts as one line of JSON behind the mark. Written for any Python 3.</summary>
    public const string Script = $$"""
        import importlib.util, json, os, site, sys, sysconfig
        paths = sysconfig.get_paths()
        install = list(dict.fromkeys([paths["purelib"], paths["platlib"]]))
        folders = install + (site.getsitepackages() if hasattr(site, "getsitepackages") else [])
        if site.ENABLE_USER_SITE:
            folders.append(site.getusersitepackages())
        folders += [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
        virtual = sys.prefix != sys.base_prefix
        sees = True
        if virtual:
            try:
                with open(os.path.join(sys.prefix, "pyvenv.cfg")) as f:
                    pairs = [line.split("=", 1) for line in f if "=" in line]
                sees = dict((k.strip().lower(), v.strip().lower()) for k, v in pairs).get("include-system-site-packages") == "true"
            except EnvironmentError:
                sees = False
        print("\n{{Mark}}" + json.dumps({
            "Version": "%d.%d.%d" % sys.version_info[:3] if sys.version_info[3] == "final" else sys.version.split()[0],
            "StandardLibrary": paths["stdlib"], "InstallFolders": install, "PackageFolders": list(dict.fromkeys(folders)),
            "IsVirtual": virtual, "SeesSystem": sees, "HasPip": importlib.util.find_spec("pip") is not None,
            "Executable": os.path.realpath(sys.executable or ""), "Prefix": sys.prefix, "BasePrefix": sys.base_prefix,
            "Abi": " ".join([sys.implementation.cache_tag or "", sysconfig.get_config_var("SOABI") or "", sysconfig.get_platform()])}))
        """;

    /// <summary>
    /// A name for which Python it is: what it is made of and where it lies, whatever launcher stands before it, and whatever the times of
    /// its files. Without the packages that it sees.
    /// </summary>
    [JsonIgnore]
    public string Identity => Fingerprint.Of(string.Join('\n', Version, Abi, BasePrefix, Prefix, SeesSystem));

    /// <summary>Whether the distribution, and not pip, is in charge of its packages.</summary>
    [JsonIgnore]
    public bool IsExternallyManaged => !IsVirtual && OsFile.IsFile(Path.Combine(StandardLibrary, "EXTERNALLY-MANAGED"));

    /// <summary>Whether this process may install packages into it.</summary>
    [JsonIgnore]
    public bool TakesPackages => InstallFolders.All(Writability.MayCreate);

    /// <summary>Reads what the script printed; null where it is not that.</summary>
    public static PythonFacts? Read(string printed)
    {
        var line = printed.Split('\n').LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal));
        try
        {
            return line is null ? null : JsonSerializer.Deserialize(line[Mark.Length..], PreparationJson.Default.PythonFacts);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Serialization of what the state folder holds.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(PythonFacts))]
[JsonSerializable(typeof(KnownPython))]
[JsonSerializable(typeof(AppliedPackages))]
internal sealed partial class PreparationJson : JsonSerializerContext;
