using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>How pip is called.</summary>
internal static class Pip
{
    /// <summary>The environment in which it asks no questions and says nothing about itself.</summary>
    public static ProcessEnvironment Quiet(ProcessEnvironment environment) => environment
        .With("PIP_NO_INPUT", "1")
        .WithDefault("GIT_TERMINAL_PROMPT", "0")
        .WithDefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .WithDefault("PIP_ROOT_USER_ACTION", "ignore");
}
