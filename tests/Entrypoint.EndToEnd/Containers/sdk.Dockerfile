# A .NET SDK image made of this machine's: its SDK, and the authorities and the package feed that it trusts. Takes them from the build
# contexts "dotnet" and "machine".
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libssl3 libstdc++6 zlib1g \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/*
COPY --from=dotnet / /usr/share/dotnet
COPY --from=machine / /
ENV PATH=/usr/share/dotnet:$PATH \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    NUGET_CERT_REVOCATION_MODE=offline \
    DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    DOTNET_NOLOGO=1 \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
