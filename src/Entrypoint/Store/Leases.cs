namespace Entrypoint.Store;

/// <summary>All that a run holds, until it ends.</summary>
internal sealed class Leases : IDisposable
{
    private readonly List<Lease> _held = [];

    /// <summary>Holds one more.</summary>
    public void Add(Lease lease)
    {
        lock (_held)
        {
            _held.Add(lease);
        }
    }

    public void Dispose()
    {
        lock (_held)
        {
            _held.ForEach(lease => lease.Dispose());
            _held.Clear();
        }
    }
}
