using System.Security.Cryptography;

namespace Entrypoint.EndToEnd.Preparation;

/// <summary><c>--dependencies</c> with locks: <c>pylock.toml</c> by the real pips, <c>uv.lock</c> by a stand-in for uv.</summary>
public sealed class LockFileTests : IDisposable
{
    private const string Project = "[project]\nname = \"job\"\nversion = \"1\"\ndependencies = [\"alpha\"]\n";

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Installs_a_lock_of_the_standard_form()
    {
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pylock.toml", PyLock("alpha")));

        await ProjectJob.LivesAsync(_bench, _bench.Job, await Pips.PythonAsync(_bench, Pips.Sid), "pylock.toml", $"alpha 1.0 in {_bench["state"]}", "--dependencies", "auto");
    }

    [Fact]
    public async Task Prefers_the_lock_of_its_own_name()
    {
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pylock.entrypoint.toml", PyLock("alpha")), ("pylock.toml", "broken"), ("pyproject.toml", Project));

        ProjectJob.AssertRan(await _bench.RunWithAsync(await Pips.PythonAsync(_bench, Pips.Sid), "--dependencies", "pylock.toml"), "alpha 1.0");
    }

    [Fact]
    public async Task Installs_again_when_a_file_that_a_lock_names_changes()
    {
        Wheel.Write(_bench["job/wheels"], "alpha");
        _bench.With(ProjectJob.Main, ("pylock.toml", PyLock("alpha", "job/wheels", "path = \"wheels/alpha-1.0-py3-none-any.whl\"")));
        var python = await Pips.PythonAsync(_bench, Pips.Sid);
        ProjectJob.AssertRan(await _bench.RunWithAsync(python, "--dependencies", "auto"), "alpha 1.0");
        File.AppendAllText(_bench["job/wheels/alpha-1.0-py3-none-any.whl"], "x");

        ProjectJob.AssertRefused(await _bench.RunWithAsync(python, "--dependencies", "auto"), "pylock.toml could not be applied");
    }

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Trixie)]
    public async Task Says_that_a_pip_is_too_old_for_a_lock(string pip)
    {
        _bench.WithWheel("alpha").With("print('JOB RAN')\n", ("pylock.toml", PyLock("alpha")));

        ProjectJob.AssertRefused(await _bench.RunWithAsync(await Pips.PythonAsync(_bench, pip), "--dependencies", "auto"), "pylock.toml could not be applied: pip 2", "cannot read it; 26.1 or newer can");
    }

    [Theory]
    [InlineData("sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"", ">=3.8")]
    [InlineData(null, ">=3.99")]
    public async Task Fails_where_a_lock_does_not_fit(string? hash, string python)
    {
        _bench.WithWheel("alpha").With("print('JOB RAN')\n", ("pylock.toml", PyLock("alpha", hash: hash, python: python)));

        ProjectJob.AssertRefused(await _bench.RunWithAsync(await Pips.PythonAsync(_bench, Pips.Sid), "--dependencies", "auto"), "pylock.toml could not be applied");
    }

    [Fact]
    public async Task Installs_a_lock_of_uv_into_an_environment_of_its_own()
    {
        UvStandIn.Install(_bench);
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pyproject.toml", Project + "[project.optional-dependencies]\ngpu = []\n[dependency-groups]\ndev = []\n"), ("uv.lock", UvStandIn.Lock("1", "alpha")));

        await ProjectJob.LivesAsync(
            _bench, _bench.Job, _bench.Python, "uv.lock", $"alpha 1.0 in {_bench["state"]}", "--dependencies", "auto", "--extra", "gpu", "--group", "dev");

        var call = Assert.Single(UvStandIn.Calls(_bench));
        Assert.StartsWith("sync --locked --no-default-groups --no-editable --inexact --python ", call, StringComparison.Ordinal);
        Assert.EndsWith("--extra gpu --group dev | UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1 DIST_EXTRA_CONFIG=", call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_uv_build_a_package_after_all_others_and_apart()
    {
        UvStandIn.Install(_bench);
        _bench.WithWheel("alpha").With(ProjectJob.Main, ("pyproject.toml", "[build-system]\nrequires = [\"setuptools\"]\n" + Project), ("uv.lock", UvStandIn.Lock("1", "alpha")));

        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), "alpha 1.0");

        Assert.Collection(
            UvStandIn.Calls(_bench),
            first => Assert.Contains("--no-install-workspace | UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1 DIST_EXTRA_CONFIG=", first, StringComparison.Ordinal),
            second => Assert.EndsWith("DIST_EXTRA_CONFIG=set", second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_what_to_do_about_a_lock_of_uv_that_is_out_of_date()
    {
        UvStandIn.Install(_bench);
        _bench.WithWheel("alpha").With(ProjectJob.Main + "print('JOB RAN')\n", ("pyproject.toml", Project), ("uv.lock", UvStandIn.Lock("2", "alpha")));

        ProjectJob.AssertRefused(await _bench.RunAsync("--dependencies", "auto"), "needs to be updated, but `--locked` was provided", "Run uv lock, or set UV_FROZEN=1");

        _bench.Environment["UV_FROZEN"] = "1";
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "auto"), "alpha 1.0");
    }

    [Fact]
    public async Task Says_that_uv_is_missing_and_installs_without_the_lock_where_that_is_asked_for()
    {
        _bench.WithWheel("alpha").With(ProjectJob.Main + "print('JOB RAN')\n", ("pyproject.toml", Project), ("uv.lock", UvStandIn.Lock("1", "alpha")));

        ProjectJob.AssertRefused(await _bench.RunAsync("--dependencies", "auto"), "uv.lock could not be applied: uv is not on the PATH", "--dependencies pyproject.toml");
        ProjectJob.AssertRan(await _bench.RunAsync("--dependencies", "pyproject.toml"), "alpha 1.0");
    }

    [Fact]
    public async Task Checks_the_Python_before_uv_is_asked()
    {
        UvStandIn.Install(_bench);
        _bench.With("print('JOB RAN')\n", ("pyproject.toml", Project + "requires-python = \">=3.99\"\n"), ("uv.lock", UvStandIn.Lock("1")));

        ProjectJob.AssertRefused(await _bench.RunAsync("--dependencies", "auto"), "pyproject.toml asks for Python >=3.99, and");
        Assert.Empty(UvStandIn.Calls(_bench));
    }

    private string PyLock(string name, string folder = "wheels", string? place = null, string? hash = null, string python = ">=3.8")
    {
        var wheel = _bench[$"{folder}/{name}-1.0-py3-none-any.whl"];
        hash ??= $"sha256 = \"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(wheel)))}\"";
        return $"lock-version = \"1.0\"\ncreated-by = \"test\"\nrequires-python = \"{python}\"\n\n[[packages]]\nname = \"{name}\"\nversion = \"1.0\"\nwheels = [{{ name = \"{name}-1.0-py3-none-any.whl\", {place ?? $"url = \"file://{wheel}\""}, hashes = {{ {hash} }} }}]\n";
    }
}
