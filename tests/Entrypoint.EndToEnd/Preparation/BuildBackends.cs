namespace Entrypoint.EndToEnd.Preparation;

/// <summary>
/// setuptools, hatchling and poetry-core as wheels, so that pip builds packages without an index. Debian has them unpacked, without the list
/// of files that makes a wheel one.
/// </summary>
internal static class BuildBackends
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task<string>> Wheels = new(MakeAsync);

    private static readonly string[] Packages =
    [
        "python3-hatchling", "python3-poetry-core", "python3-pathspec", "python3-pluggy", "python3-packaging", "python3-trove-classifiers",
        "python3-tomlkit", "python3-setuptools-whl",
    ];

    private const string Repack = """
        import base64, hashlib, os, re, shutil, sys, zipfile
        root, target = sys.argv[1:]
        packages, temporary = root + "/usr/lib/python3/dist-packages", target + f".{os.getpid()}"
        os.makedirs(temporary)
        modules = {"poetry_core": "poetry"}
        for information in [name for name in os.listdir(packages) if name.endswith(".dist-info")]:
            name, version = information[:-len(".dist-info")].split("-")
            record = []
            with zipfile.ZipFile(f"{temporary}/{name}-{version}-py3-none-any.whl", "w") as wheel:
                def add(path, content):
                    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                    record.append(f"{path},sha256={digest},{len(content)}\n")
                    wheel.writestr(path, content)
                for top in [modules.get(name, name), information]:
                    for folder, folders, files in os.walk(f"{packages}/{top}"):
                        for file in files:
                            path = os.path.relpath(f"{folder}/{file}", packages)
                            if "__pycache__" not in path and file not in ("INSTALLER", "RECORD", "WHEEL"):
                                add(path, open(f"{packages}/{path}", "rb").read())
                add(information + "/WHEEL", b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                wheel.writestr(information + "/RECORD", "".join(record) + information + "/RECORD,,\n")
        for file in os.listdir(root + "/usr/share/python-wheels"):
            shutil.copy(f"{root}/usr/share/python-wheels/{file}", temporary)
        try:
            os.rename(temporary, target)
        except OSError:
            shutil.rmtree(temporary)
            if not os.path.isdir(target): raise
        """;

    /// <summary>The folder with the wheels.</summary>
    public static Task<string> WheelsAsync() => Wheels.Value;

    private static async Task<string> MakeAsync()
    {
        var unpacked = await DebianPackages.UnpackAsync("sid", Packages);
        var folder = Path.Combine(TestCache.Root, "build-backends");
        if (!Directory.Exists(folder))
        {
            await Tool.RunAsync(Workbench.SystemPython, ["-c", Repack, unpacked, folder], limit: Limit);
        }

        return folder;
    }
}
