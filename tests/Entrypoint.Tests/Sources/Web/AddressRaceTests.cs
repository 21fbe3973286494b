using System.Net;
using Entrypoint.Sources.Web;

namespace Entrypoint.Tests.Sources.Web;

public sealed class AddressRaceTests
{
    [Theory]
    [InlineData("fd99::1 fd99::2 10.0.0.1", "fd99::1 10.0.0.1 fd99::2")]
    [InlineData("10.0.0.1 10.0.0.2 10.0.0.3 fd99::1", "10.0.0.1 fd99::1 10.0.0.2 10.0.0.3")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("", "")]
    public void The_families_take_turns(string system, string turns) =>
        Assert.Equal(turns, string.Join(' ', AddressRace.InTurns([.. system.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)])));
}
