using Entrypoint.Output;

namespace Entrypoint.Tests.Output;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("https://user:pass@host/x", "https://user:****@host/x")]
    [InlineData("git+https://token@host/x", "git+https://****@host/x")]
    [InlineData("https://user:@host/x", "https://user:****@host/x")]
    [InlineData("https://user:p@ss:w@host/x", "https://user:****@host/x")]
    [InlineData("ssh://git@host/x", "ssh://git@host/x")]
    [InlineData("git+ssh://git@host/x", "git+ssh://git@host/x")]
    [InlineData("svn+ssh://me:pw@host/x", "svn+ssh://me:****@host/x")]
    [InlineData("https://host/x@v1", "https://host/x@v1")]
    [InlineData("https://host/x?y=a@b", "https://host/x?****")]
    [InlineData("fatal: unable to access 'https://u:p@h/': no", "fatal: unable to access 'https://u:****@h/': no")]
    [InlineData("no URL: a@b", "no URL: a@b")]
    [InlineData("give them as https://user:${PASSWORD}@host/…", "give them as https://user:${PASSWORD}@host/…")]
    [InlineData("https://u:p@h/a?sig=1#subdirectory=b", "https://u:****@h/a?****#subdirectory=b")]
    [InlineData("https://h/a#access_token=1&egg=b", "https://h/a#access_token=****&egg=b")]
    [InlineData("https://proxy.corp/https://u:p@h/x", "https://proxy.corp/https://u:****@h/x")]
    [InlineData("http://host:8091, http://host:", "http://host:8091, http://host:")]
    [InlineData("https://cdn.example.org/npm/job@1.2/x.zip", "https://cdn.example.org/npm/job@1.2/x.zip")]
    [InlineData("http://gitserver:3000/team/r.git@feature/x", "http://gitserver:3000/team/r.git@feature/x")]
    public void User_information_of_URLs_is_masked(string text, string shown) => Assert.Equal(shown, new Secrets().Hide(text));

    [Fact]
    public void A_value_is_hidden_in_every_spelling()
    {
        var secrets = new Secrets();
        secrets.Add("p@ss/word");

        Assert.Equal("**** and ****", secrets.Hide("p@ss/word and p%40ss%2Fword"));
    }

    [Fact]
    public void The_longer_of_two_is_hidden_whole()
    {
        var secrets = new Secrets();
        secrets.Add("token");
        secrets.Add("token-2");

        Assert.Equal("**** ****", secrets.Hide("token-2 token"));
    }

    [Fact]
    public void A_short_value_is_hidden_where_it_stands_alone()
    {
        var secrets = new Secrets();
        secrets.Add("v1");

        Assert.Equal("at **** in rev12", secrets.Hide("at v1 in rev12"));
    }

    [Fact]
    public void A_secret_prints_masked()
    {
        var secret = new Secret("value");

        Assert.Equal("****", $"{secret}");
        Assert.Equal("value", secret.Reveal());
    }

    [Theory]
    [InlineData("p@ss word/%7E")]
    [InlineData("pa\"ss'w\\ord")]
    [InlineData("pä&ß<w>örd")]
    [InlineData("plain-token-1")]
    public void A_value_is_hidden_in_every_form_that_a_program_may_write_it_in(string value)
    {
        var secrets = new Secrets();
        secrets.Add(value);
        var utf8 = System.Text.Encoding.UTF8.GetBytes(value);
        string[] forms =
        [
            value,
            Uri.EscapeDataString(value),
            Uri.EscapeDataString(value).ToLowerInvariant(),
            Uri.EscapeDataString(Uri.EscapeDataString(value)),
            string.Concat(utf8.Select(letter => $"%{letter:X2}")),
            Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal),
            System.Text.Json.JsonEncodedText.Encode(value).ToString(),
            System.Text.Json.JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
            System.Net.WebUtility.HtmlEncode(value),
            value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
            value.Replace("'", "'\\''", StringComparison.Ordinal),
            value.Replace("'", "'\"'\"'", StringComparison.Ordinal),
            string.Concat(utf8.Select(letter => letter < 0x80 ? $"{(char)letter}" : "\\" + Convert.ToString(letter, 8))),
        ];

        Assert.All(forms, form => Assert.Equal("x **** y", secrets.Hide($"x {form} y")));
        Assert.All(["", "u", "us", "use"], user =>
        {
            var header = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{value}"));
            Assert.DoesNotContain(header, secrets.Hide("Authorization: Basic " + header), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_short_value_of_a_variable_is_hidden_only_where_the_reference_is_shown()
    {
        var secrets = new Secrets();
        secrets.AddVariable("main");

        Assert.Equal("No __main__.py on main", secrets.Hide("No __main__.py on main"));
        Assert.Equal("No __main__.py on ****", secrets.HideReference("No __main__.py on main"));
        secrets.ReferenceIsShown = true;
        Assert.Equal("No __main__.py on ****", secrets.Hide("No __main__.py on main"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData(":")]
    [InlineData("/")]
    [InlineData("@")]
    [InlineData("a://")]
    [InlineData("https://a:b")]
    [InlineData("https://a@")]
    [InlineData("?#&")]
    [InlineData("%")]
    [InlineData("\\")]
    [InlineData("secret-valu")]
    public void Long_texts_take_time_in_proportion(string piece)
    {
        var secrets = new Secrets();
        secrets.Add("secret-value");
        var text = string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length));
        var start = System.Diagnostics.Stopwatch.GetTimestamp();

        _ = secrets.Hide(text);
        _ = SafeAddress.Of(text);
        _ = SafeAddress.Of("https://" + text);

        // What is quadratic takes minutes.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
