using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// A configuration folder for <c>svn</c>: the user's own, with the proxies of the environment behind what it says, and with user and password for the
/// realms of the URL's own origin. What <c>--username</c> names is sent to every server, wherever <c>svn:externals</c> or a redirect lead; what lies
/// here only to the one that it is for, and it stands in no argument. The folder is private (0700), and gone at the end.
/// </summary>
internal static class SubversionSettings
{
    private const string Logins = "svn.simple";

    /// <summary>Makes the folder.</summary>
    /// <param name="folder">Is there, and empty.</param>
    public static void Write(string folder, VcsUrl url, ProcessEnvironment user)
    {
        var own = $"{user.Get("HOME", "/root")}/.subversion";
        foreach (var path in OsFile.IsFolder(own) ? Directory.GetFileSystemEntries(own) : [])
        {
            if (Path.GetFileName(path) is not ("servers" or "auth"))
            {
                File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(path)), path);
            }
        }

        LinkLogins($"{own}/auth", Path.Combine(folder, "auth"));
        File.WriteAllBytes(Path.Combine(folder, "servers"), OsText.Encode(Proxy(url, user) + (OsFile.IsFile($"{own}/servers") ? OsFile.ReadAllText($"{own}/servers") : "")));
    }

    /// <summary>Adds user and password for a realm, in the form in which <c>svn</c> keeps them.</summary>
    /// <param name="folder">The configuration folder.</param>
    [SuppressMessage("Security", "CA5351", Justification = "svn names its files so; it protects nothing.")]
    public static void AddLogin(string folder, string realm, VcsUrl url)
    {
        OpenSsl.Require("To log in to a Subversion server");
        var path = Path.Combine(folder, "auth", Logins, Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(realm))));
        var name = url.UserName!.Reveal();
        if (url.Password is null && OsFile.IsFile(path) && OsFile.ReadAllText(path).Split('\n').Contains(name, StringComparer.Ordinal))
        {
            // The user has a password for that name.
            return;
        }

        OsFile.Delete(path);
        var text = new StringBuilder();
        foreach (var (key, value) in new[] { ("passtype", "simple"), ("password", url.Password?.Reveal() ?? ""), ("svn:realmstring", realm), ("username", name) })
        {
            text.Append(CultureInfo.InvariantCulture, $"K {Encoding.UTF8.GetByteCount(key)}\n{key}\nV {OsText.Encode(value).Length}\n{value}\n");
        }

        File.WriteAllBytes(path, OsText.Encode(text.Append("END\n").ToString()));
    }

    /// <summary>What the user has accepted and typed before: certificates, passwords of other realms.</summary>
    private static void LinkLogins(string own, string target)
    {
        Directory.CreateDirectory(Path.Combine(target, Logins));
        foreach (var kind in OsFile.IsFolder(own) ? Directory.GetDirectories(own) : [])
        {
            var inner = Directory.CreateDirectory(Path.Combine(target, Path.GetFileName(kind))).FullName;
            foreach (var file in Directory.GetFiles(kind))
            {
                File.CreateSymbolicLink(Path.Combine(inner, Path.GetFileName(file)), file);
            }
        }
    }

    /// <summary>The proxy of the environment, which <c>svn</c> does not look at; in front of the user's own settings, so that those win.</summary>
    private static string Proxy(VcsUrl url, ProcessEnvironment user)
    {
        if (!url.IsHttp || FetchProxy.For(url, user) is not { } proxy)
        {
            return "";
        }

        var text = $"[global]\nhttp-proxy-host = {proxy.Address.Host}\nhttp-proxy-port = {proxy.Address.Port}\n";
        return proxy.User is null ? text + "\n" : $"{text}http-proxy-username = {proxy.User}\nhttp-proxy-password = {proxy.Password}\n\n";
    }
}
