using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Entrypoint.Benchmarks.Data;

/// <summary>
/// What the parts of a NativeAOT executable weigh, from the size statistics (<c>.mstat</c>) that its compiler writes with
/// <c>IlcGenerateMstatFile</c>: an assembly whose methods <c>Methods</c> and <c>Types</c> each consist of a token and its sizes in turn, and
/// <c>Blobs</c> of a name and its size.
/// </summary>
internal sealed class SizeReport
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly Dictionary<string, long> _parts = new(StringComparer.Ordinal);

    private SizeReport(PEReader file) => (_file, _metadata) = (file, file.GetMetadataReader());

    /// <summary>Bytes by part, the largest first: the code and types of an assembly, or data of the whole program.</summary>
    public static IReadOnlyList<(string Part, long Bytes)> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var report = new SizeReport(file);
        report.Read();
        return [.. report._parts.Select(part => (part.Key, part.Value)).OrderByDescending(part => part.Value)];
    }

    private void Read()
    {
        foreach (var handle in _metadata.MethodDefinitions)
        {
            var method = _metadata.GetMethodDefinition(handle);
            var code = _file.GetMethodBody(method.RelativeVirtualAddress).GetILReader();
            switch (_metadata.GetString(method.Name))
            {
                case "Methods":
                    // Code, its data for the garbage collector, its exception tables; then where its name stands.
                    AddTokens(code, sizes: 3);
                    break;
                case "Types":
                    AddTokens(code, sizes: 1);
                    break;
                case "Blobs":
                    AddBlobs(code);
                    break;
            }
        }
    }

    private void AddTokens(BlobReader code, int sizes)
    {
        string? assembly = null;
        var number = 0;
        foreach (var (token, value) in Operands(code))
        {
            if (token is { } handle)
            {
                (assembly, number) = (AssemblyOf(handle), 0);
            }
            else if (assembly is not null && number++ < sizes)
            {
                Add(assembly, value);
            }
        }
    }

    private void AddBlobs(BlobReader code)
    {
        var name = "";
        foreach (var (token, value) in Operands(code))
        {
            if (token is { Kind: HandleKind.UserString } handle)
            {
                name = _metadata.GetUserString((UserStringHandle)handle);
            }
            else
            {
                Add($"data: {name}", value);
            }
        }
    }

    private void Add(string part, long bytes) => _parts[part] = _parts.GetValueOrDefault(part) + bytes;

    /// <summary>Reads <c>ldtoken</c>, <c>ldstr</c> and <c>ldc.i4</c>, which is all that there is.</summary>
    private static List<(Handle? Token, int Value)> Operands(BlobReader code)
    {
        List<(Handle? Token, int Value)> operands = [];
        while (code.RemainingBytes > 0)
        {
            var operation = (ILOpCode)code.ReadByte();
            switch (operation)
            {
                case ILOpCode.Ldtoken:
                    operands.Add((System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(code.ReadInt32()), 0));
                    break;
                case ILOpCode.Ldstr:
                    operands.Add((System.Reflection.Metadata.Ecma335.MetadataTokens.UserStringHandle(code.ReadInt32() & 0xffffff), 0));
                    break;
                case ILOpCode.Ldc_i4:
                    operands.Add((null, code.ReadInt32()));
                    break;
                case ILOpCode.Ldc_i4_s:
                    operands.Add((null, code.ReadSByte()));
                    break;
                case >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_i4_8:
                    operands.Add((null, (int)operation - (int)ILOpCode.Ldc_i4_0));
                    break;
            }
        }

        return operands;
    }

    private string AssemblyOf(Handle handle) => handle.Kind switch
    {
        HandleKind.MethodSpecification => AssemblyOf(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method),
        HandleKind.MemberReference => AssemblyOf(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent),
        HandleKind.TypeSpecification => AssemblyOf(_metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature),
        HandleKind.TypeReference => AssemblyOf(_metadata.GetTypeReference((TypeReferenceHandle)handle).ResolutionScope),
        HandleKind.AssemblyReference => _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)handle).Name),
        _ => "made by the compiler",
    };

    /// <summary>The assembly of the type that a signature begins with: of the element for arrays, of the definition for generic types.</summary>
    private string AssemblyOf(BlobHandle signature)
    {
        var reader = _metadata.GetBlobReader(signature);
        while (reader.RemainingBytes > 0)
        {
            switch (reader.ReadSignatureTypeCode())
            {
                case SignatureTypeCode.TypeHandle:
                    return AssemblyOf(reader.ReadTypeHandle());
                case SignatureTypeCode.GenericTypeInstance or SignatureTypeCode.SZArray or SignatureTypeCode.Array
                    or SignatureTypeCode.Pointer or SignatureTypeCode.ByReference:
                    break;
                default:
                    return "System.Private.CoreLib";
            }
        }

        return "made by the compiler";
    }
}
