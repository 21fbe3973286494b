using System.Globalization;
using System.Text.Json;

namespace Entrypoint.EndToEnd.Kubernetes;

/// <summary>The manifests in <c>docker/kubernetes</c>, against the API's schemas and this program's exit codes.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Those that start a job.</summary>
    public static TheoryData<string> Jobs => ["job.yaml", "indexed-job.yaml", "cronjob.yaml"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("job.yaml")]
    [InlineData("indexed-job.yaml")]
    [InlineData("cronjob.yaml")]
    [InlineData("state.yaml")]
    public async Task Fit_the_schemas_of_the_api(string file)
    {
        var (errors, documents) = await ApiSchemas.CheckAsync(Manifest(file));

        Assert.Empty(errors);
        Assert.NotEmpty(documents);
    }

    [Theory]
    [InlineData("backoffLimit: 3", "backoffLimit: three", "/spec/backoffLimit: type")]
    [InlineData("backoffLimit: 3", "backofLimit: 3", "/spec/backofLimit: no such property")]
    [InlineData("operator: In", "operator: Among", "/spec/podFailurePolicy/rules/1/onExitCodes/operator: enum")]
    [InlineData("mountPath: /state", "mountpath: /state", "/spec/template/spec/containers/0/volumeMounts/0/mountpath: no such property")]
    [InlineData("mountPath: /state", "subPath: state", "/spec/template/spec/containers/0/volumeMounts/0: required")]
    [InlineData("restartPolicy: Never", "restartPolicy: Sometimes", "/spec/template/spec/restartPolicy: enum")]
    public async Task Would_be_found_not_to_fit(string right, string wrong, string expected)
    {
        var file = _folder.Write("job.yaml", (await File.ReadAllTextAsync(Manifest("job.yaml"))).Replace(right, wrong, StringComparison.Ordinal));

        var (errors, _) = await ApiSchemas.CheckAsync(file);

        Assert.Contains(errors, error => error.StartsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Retry_what_may_pass_and_nothing_else(string file)
    {
        var givesUp = file == "indexed-job.yaml" ? "FailIndex" : "FailJob";
        var job = await JobAsync(file);
        var rules = job.Specification.GetProperty("podFailurePolicy").GetProperty("rules").EnumerateArray()
            .Where(rule => rule.TryGetProperty("onExitCodes", out _))
            .ToDictionary(rule => rule.GetProperty("action").GetString()!, rule => rule.GetProperty("onExitCodes"));

        Assert.Equal([64, 65, 66, 77, 78, 124, 126, 127], Codes(rules[givesUp]));
        Assert.Equal([69], Codes(rules["Count"]));
        Assert.All(rules.Values, rule => Assert.Equal(job.Container.GetProperty("name").GetString(), rule.GetProperty("containerName").GetString()));
        Assert.Equal("Never", job.Pod.GetProperty("restartPolicy").GetString());
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Give_the_job_its_grace_period_before_they_kill(string file)
    {
        var job = await JobAsync(file);
        var grace = job.Variables["ENTRYPOINT_GRACE_PERIOD"].GetProperty("value").GetString()!;
        const int leftovers = 5;

        Assert.True(
            job.Pod.GetProperty("terminationGracePeriodSeconds").GetInt32() > int.Parse(grace.TrimEnd('s'), CultureInfo.InvariantCulture) + leftovers);
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Run_as_nobody_in_particular_with_limits(string file)
    {
        var job = await JobAsync(file);
        var security = job.Container.GetProperty("securityContext");

        Assert.True(job.Pod.GetProperty("securityContext").GetProperty("runAsNonRoot").GetBoolean());
        Assert.Equal(0, job.Pod.GetProperty("securityContext").GetProperty("runAsGroup").GetInt32());
        Assert.False(job.Pod.GetProperty("automountServiceAccountToken").GetBoolean());
        Assert.True(security.GetProperty("readOnlyRootFilesystem").GetBoolean());
        Assert.False(security.GetProperty("allowPrivilegeEscalation").GetBoolean());
        Assert.Contains(job.Container.GetProperty("volumeMounts").EnumerateArray(), mount => mount.GetProperty("mountPath").GetString() == "/tmp");
        Assert.Contains(job.Container.GetProperty("volumeMounts").EnumerateArray(), mount => mount.GetProperty("mountPath").GetString() == "/dev/shm");
        Assert.Equal("/tmp", job.Variables["HOME"].GetProperty("value").GetString());
        Assert.True(job.Container.GetProperty("resources").GetProperty("limits").TryGetProperty("memory", out _));
        Assert.True(job.Container.GetProperty("resources").GetProperty("limits").TryGetProperty("cpu", out _));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Take_tokens_from_secrets(string file)
    {
        var variables = (await JobAsync(file)).Variables;

        Assert.Contains(variables.Keys, name => name.EndsWith("_TOKEN", StringComparison.Ordinal));
        Assert.All(
            variables.Where(variable => variable.Key.EndsWith("_TOKEN", StringComparison.Ordinal)),
            variable => Assert.True(variable.Value.GetProperty("valueFrom").TryGetProperty("secretKeyRef", out _)));
    }

    [Fact]
    public async Task Tell_each_worker_its_rank_and_where_the_first_one_is()
    {
        var (_, documents) = await ApiSchemas.CheckAsync(Manifest("indexed-job.yaml"));
        var service = documents.Single(document => document.GetProperty("kind").GetString() == "Service").GetProperty("metadata").GetProperty("name").GetString();
        var job = await JobAsync("indexed-job.yaml");
        var variables = job.Variables;

        Assert.Equal("Indexed", job.Specification.GetProperty("completionMode").GetString());
        Assert.True(job.Specification.TryGetProperty("backoffLimitPerIndex", out _));
        Assert.Equal(0, job.Specification.GetProperty("maxFailedIndexes").GetInt32());
        Assert.Equal(
            "metadata.annotations['batch.kubernetes.io/job-completion-index']",
            variables["RANK"].GetProperty("valueFrom").GetProperty("fieldRef").GetProperty("fieldPath").GetString());
        Assert.Equal($"{job.Specification.GetProperty("completions").GetInt32()}", variables["WORLD_SIZE"].GetProperty("value").GetString());
        Assert.Equal(job.Specification.GetProperty("completions").GetInt32(), job.Specification.GetProperty("parallelism").GetInt32());
        Assert.Equal(service, job.Pod.GetProperty("subdomain").GetString());
        Assert.Equal($"ml-workers-0.{service}", variables["MASTER_ADDR"].GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("job.yaml")]
    [InlineData("indexed-job.yaml")]
    public async Task Keep_the_state_on_the_volume_that_is_claimed(string file)
    {
        var job = await JobAsync(file);
        var (_, claims) = await ApiSchemas.CheckAsync(Manifest("state.yaml"));
        var state = job.Variables["ENTRYPOINT_STATE"].GetProperty("value").GetString();
        var volume = job.Container.GetProperty("volumeMounts").EnumerateArray().Single(mount => mount.GetProperty("mountPath").GetString() == state);
        var claim = job.Pod.GetProperty("volumes").EnumerateArray()
            .Single(candidate => candidate.GetProperty("name").GetString() == volume.GetProperty("name").GetString())
            .GetProperty("persistentVolumeClaim").GetProperty("claimName").GetString();

        Assert.Equal(claims.Single().GetProperty("metadata").GetProperty("name").GetString(), claim);
        Assert.Equal("OnRootMismatch", job.Pod.GetProperty("securityContext").GetProperty("fsGroupChangePolicy").GetString());
        Assert.Matches("^[1-9][0-9]*GiB$", job.Variables["ENTRYPOINT_CODE_CACHE"].GetProperty("value").GetString());
    }

    private static string Manifest(string file) => Repository.File("docker", "kubernetes", file);

    private static int[] Codes(JsonElement rule) => [.. rule.GetProperty("values").EnumerateArray().Select(value => value.GetInt32())];

    private static async Task<JobManifest> JobAsync(string file)
    {
        var (_, documents) = await ApiSchemas.CheckAsync(Manifest(file));
        return JobManifest.Of(documents);
    }
}
