using Entrypoint.CommandLine;
using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.Tests.CommandLine;

/// <summary>Reads options from words and variables, as the program does.</summary>
internal static class OptionReading
{
    public static Options Read(params string[] arguments) => ReadWith([], arguments);

    public static Options ReadWith((string Name, string Value)[] environment, params string[] arguments) =>
        Assert.IsType<Request.Run>(ReadRequest(environment, arguments)).Options;

    public static Request ReadRequest((string Name, string Value)[] environment, string[] arguments) => OptionsReader.Read(
        [.. arguments],
        ProcessEnvironment.From(environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))),
        "/here",
        new Secrets());
}
