using System.Globalization;
using System.Text.RegularExpressions;

namespace Entrypoint.Preparation.Projects;

/// <summary>A version as PEP 440 has it, in the order of that page.</summary>
internal sealed partial class PackageVersion : IComparable<PackageVersion>
{
    private readonly long _epoch;
    private readonly long[] _release;
    private readonly long[] _rest;
    private readonly string[] _local;

    private PackageVersion(long epoch, long[] release, long[] rest, string[] local) =>
        (_epoch, _release, _rest, _local) = (epoch, release, rest, local);

    /// <summary>How many numbers its release has.</summary>
    public int Numbers => _release.Length;

    /// <summary>Whether it has a part that only its builder knows (<c>+cu121</c>).</summary>
    public bool IsLocal => _local.Length > 0;

    /// <summary>Whether it has numbers and nothing else.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>Reads a version; null where it is none.</summary>
    public static PackageVersion? Read(string text)
    {
        var match = Form().Match(text.Trim().ToLowerInvariant());
        if (!match.Success)
        {
            return null;
        }

        long? Number(string group) => match.Groups[group] is { Success: true } found
            ? found.Length == 0 ? 0 : long.Parse(found.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;
        var pre = match.Groups["kind"].Success ? match.Groups["kind"].Value : null;
        var (post, dev) = (Number("post") ?? Number("implicit"), Number("dev"));

        // Development releases come before pre-releases, these before the release, and post-releases after it.
        long kind = (pre, post, dev) switch
        {
            (null, null, not null) => 0,
            (null, _, _) => 4,
            _ => pre[0] switch { 'a' => 1, 'b' => 2, _ => 3 },
        };
        return new PackageVersion(
            Number("epoch") ?? 0,
            [.. match.Groups["release"].Value.Split('.').Select(number => long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))],
            [kind, Number("pre") ?? 0, post ?? -1, dev is null ? 1 : 0, dev ?? 0],
            match.Groups["local"].Success ? match.Groups["local"].Value.Split('.', '-', '_') : [])
        {
            IsPlain = pre is null && post is null && dev is null && !match.Groups["local"].Success,
        };
    }

    /// <summary>The same, without the last number of its release and all that follows.</summary>
    public PackageVersion WithoutLastNumber() => new(_epoch, _release[..^1], [4, 0, -1, 1, 0], []) { IsPlain = true };

    /// <summary>Whether its numbers begin with those of another one.</summary>
    public bool BeginsWith(PackageVersion other) =>
        _epoch == other._epoch && other._release.Select((number, index) => (number, index)).All(part => NumberAt(part.index) == part.number);

    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var epochs = _epoch.CompareTo(other._epoch);
        if (epochs != 0)
        {
            return epochs;
        }

        for (var index = 0; index < Math.Max(_release.Length, other._release.Length); index++)
        {
            var numbers = NumberAt(index).CompareTo(other.NumberAt(index));
            if (numbers != 0)
            {
                return numbers;
            }
        }

        var rests = _rest.Zip(other._rest, (one, two) => one.CompareTo(two)).FirstOrDefault(order => order != 0);
        return rests != 0 ? rests : _local.Length.CompareTo(other._local.Length);
    }

    private long NumberAt(int index) => index < _release.Length ? _release[index] : 0;

    [GeneratedRegex(
        @"^v?((?<epoch>[0-9]{1,18})!)?(?<release>[0-9]{1,18}(\.[0-9]{1,18})*)([-_.]?(?<kind>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>[0-9]{0,18}))?(-(?<implicit>[0-9]{1,18})|[-_.]?(post|rev|r)[-_.]?(?<post>[0-9]{0,18}))?([-_.]?dev[-_.]?(?<dev>[0-9]{0,18}))?(\+(?<local>[a-z0-9]+([-_.][a-z0-9]+)*))?$")]
    private static partial Regex Form();
}
