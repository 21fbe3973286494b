namespace Entrypoint.Output;

/// <summary>The form of the program's own log lines.</summary>
internal enum LogFormat
{
    /// <summary><c>2026-11-22 07:12:33,123 [INFO] message</c>, as Python's logging wrote them for <c>execute_code.py</c>.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
