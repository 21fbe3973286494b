using Entrypoint.Store;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Entrypoint.Tests.Store;

public sealed class GenerationStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;
    private readonly List<string> _warnings = [];
    private readonly TemporaryFolders _temporary;
    private readonly Logger _log;

    public GenerationStoreTests()
    {
        _log = new LoggerConfiguration().WriteTo.Sink(new Collector(_warnings)).CreateLogger();
        _temporary = new TemporaryFolders(_root, _log);
    }

    public void Dispose()
    {
        _temporary.Dispose();
        _log.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private string Place => Path.Combine(_root, "state", "things");

    private Start NewStart(bool refresh = false) => new(this, refresh);

    /// <summary>One run of the program.</summary>
    private sealed class Start : IDisposable
    {
        public Start(GenerationStoreTests test, bool refresh)
        {
            Context = new StoreContext(test._log, TimeProvider.System, refresh) { Leases = new Leases() };
            State = new StateFolder(Path.Combine(test._root, "state"), test._temporary, test._log);
            Things = State.Generations("things", Context);
        }

        public StoreContext Context { get; }

        public StateFolder State { get; }

        public GenerationStore Things { get; }

        public Generation? Find(string key, bool hold = true) => Things.Find(key, hold, found => File.Exists(Path.Combine(found.Path, "content")));

        public async Task<Generation> BuildAsync(string key, string content = "built", string? also = null)
        {
            var build = await BeginAsync(key, content);
            return build.Name(content, also);
        }

        public async Task<GenerationBuild> BeginAsync(string key, string content = "built")
        {
            var build = await Things.BeginAsync(key, isPrivate: false);
            Directory.CreateDirectory(build.Path);
            await File.WriteAllTextAsync(Path.Combine(build.Path, "content"), content);
            return build;
        }

        public void Dispose() => Context.Leases.Dispose();
    }

    private sealed class Collector(List<string> warnings) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Level >= LogEventLevel.Warning)
            {
                warnings.Add(logEvent.RenderMessage());
            }
        }
    }

    private string[] Folders() => [.. Directory.GetDirectories(Place).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Finds_what_was_named_with_its_note_and_nothing_else()
    {
        using var first = NewStart();
        using var second = NewStart();
        var build = await first.BeginAsync("key");
        Assert.Null(second.Find("key"));

        build.Name("a note", "other");

        Assert.Equal(Path.Combine(Place, "key"), second.Find("key")?.Path);
        Assert.Equal("a note", second.Find("key")?.Note);
        Assert.Equal(Path.Combine(Place, "key"), second.Find("other")?.Path);
        Assert.Null(second.Find("another"));
    }

    [Fact]
    public async Task Two_that_build_at_once_both_succeed_and_one_is_named()
    {
        using var first = NewStart();
        using var second = NewStart();
        var builds = new[] { await first.BeginAsync("key", "one"), await second.BeginAsync("key", "two") };

        var generations = builds.Select(build => build.Name("")).ToArray();

        Assert.NotEqual(generations[0].Path, generations[1].Path);
        Assert.All(generations, generation => Assert.True(File.Exists(Path.Combine(generation.Path, "content"))));
        Assert.Equal(generations[1].Path, NewStart().Find("key", hold: false)?.Path);
    }

    [Fact]
    public async Task What_is_superseded_stays_while_it_is_held_and_is_removed_then()
    {
        using var first = NewStart();
        var old = await first.BuildAsync("key");
        using var second = NewStart(refresh: true);
        Assert.Null(second.Find("key"));
        var made = await second.BuildAsync("key");

        await second.Things.RemoveUnnamedAsync("key");
        Assert.Equal(2, Folders().Length);
        first.Dispose();
        await second.Things.RemoveUnnamedAsync("key");

        Assert.Equal([made.Path], Folders());
        Assert.NotEqual(old.Path, made.Path);
    }

    [Fact]
    public async Task A_refresh_takes_what_another_start_has_made_meanwhile()
    {
        using var first = NewStart();
        await first.BuildAsync("key");
        using var waiting = NewStart(refresh: true);
        Assert.Null(waiting.Find("key"));
        using var quicker = NewStart(refresh: true);
        Assert.Null(quicker.Find("key"));
        var made = await quicker.BuildAsync("key");

        Assert.Equal(made.Path, waiting.Find("key")?.Path);
    }

    [Fact]
    public async Task What_a_killed_start_has_left_is_removed_by_the_next()
    {
        var killed = NewStart();
        var build = await killed.BeginAsync("key");
        build.KeepForThisRun();
        killed.Dispose();

        using var next = NewStart();
        var made = await next.BuildAsync("key", "whole");

        Assert.Equal(Path.Combine(Place, "key"), made.Path);
        Assert.Equal("whole", await File.ReadAllTextAsync(Path.Combine(made.Path, "content")));
        Assert.Single(Folders());
    }

    [Fact]
    public async Task What_is_discarded_leaves_nothing()
    {
        using var start = NewStart();
        var build = await start.BeginAsync("key");

        await build.DiscardAsync();

        Assert.Empty(Directory.GetFileSystemEntries(Place));
    }

    [Fact]
    public async Task What_is_not_sound_any_more_is_made_again_in_the_same_place()
    {
        using (var first = NewStart())
        {
            File.Delete(Path.Combine((await first.BuildAsync("key")).Path, "content"));
        }

        using var second = NewStart();
        Assert.Null(second.Find("key"));

        Assert.Equal(Path.Combine(Place, "key"), (await second.BuildAsync("key")).Path);
    }

    [Fact]
    public async Task A_folder_of_that_name_that_is_not_ours_is_left_alone()
    {
        Directory.CreateDirectory(Path.Combine(Place, "key"));
        using var start = NewStart();

        var made = await start.BuildAsync("key");

        Assert.NotEqual(Path.Combine(Place, "key"), made.Path);
        Assert.Equal(2, Folders().Length);
        Assert.Equal(made.Path, start.Find("key")?.Path);
    }

    [Fact]
    public async Task Pruning_removes_what_is_old_and_held_by_nobody()
    {
        using var user = NewStart();
        var held = await user.BuildAsync("held");
        using (var other = NewStart())
        {
            await other.BuildAsync("free");
            await other.BuildAsync("used");
        }

        foreach (var name in new[] { "held", "free" })
        {
            File.SetLastWriteTimeUtc(Path.Combine(Place, $".{name}.lease"), DateTime.UtcNow.AddDays(-40));
        }

        using var start = NewStart();
        var pruning = new Pruning(start.Context, TimeSpan.FromDays(30));

        Assert.Equal([Path.Combine(Place, "free")], (await pruning.RunAsync(start.State.Places(start.Context), onlyLook: true)).Select(pruned => pruned.Path));
        Assert.Equal(3, Folders().Length);
        Assert.Equal([Path.Combine(Place, "free")], (await pruning.RunAsync(start.State.Places(start.Context), onlyLook: false)).Select(pruned => pruned.Path));
        Assert.Equal([held.Path, Path.Combine(Place, "used")], Folders());
        Assert.Null(start.Find("free"));
    }

    [Fact]
    public async Task A_link_in_place_of_a_stamp_is_named_and_not_used()
    {
        using var start = NewStart();
        await start.BuildAsync("key");
        File.Move(Path.Combine(Place, ".key.current"), Path.Combine(_root, "elsewhere"));
        File.CreateSymbolicLink(Path.Combine(Place, ".key.current"), Path.Combine(_root, "elsewhere"));

        Assert.Null(start.Find("key"));
        Assert.Contains(_warnings, warning => warning.Contains(".key.current", StringComparison.Ordinal));
    }
}
