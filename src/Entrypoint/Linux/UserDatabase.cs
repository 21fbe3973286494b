using System.Globalization;

namespace Entrypoint.Linux;

/// <summary>The users of this machine, as <c>/etc/passwd</c> lists them. Those of a directory service are not in it.</summary>
internal static class UserDatabase
{
    private const string Users = "/etc/passwd";

    // Of a line of that file.
    private const int NumberField = 2;
    private const int HomeField = 5;

    /// <summary>Whether a user id has a line.</summary>
    public static bool Has(uint user) => Find(user) is not null;

    /// <summary>The home of a user id; null where it has no line.</summary>
    public static string? HomeOf(uint user) => Find(user)?[HomeField];

    private static string[]? Find(uint user)
    {
        try
        {
            var number = user.ToString(CultureInfo.InvariantCulture);
            return File.ReadLines(Users).Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > HomeField && fields[NumberField] == number);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
