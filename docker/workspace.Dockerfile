# An ml-workspace image with the executable in place of docker-entrypoint.py, execute_code.py and tini.
#
#     docker/publish.sh
#     docker build -t workspace -f docker/workspace.Dockerfile .
#
# The executable must have been linked against a C library that is not newer than the image's. ml-workspace is an Ubuntu 20.04: publish on
# that or an older system (docker/publish.sh needs the .NET SDK and a C compiler, nothing else). The build stops with a message if not.
ARG BASE_IMAGE=mltooling/ml-workspace:0.13.2
FROM ${BASE_IMAGE}

# ml-workspace is made to be run as root; the state folder is open to group 0, as in docker/Dockerfile.
USER root
RUN mkdir -p /data /var/lib/entrypoint && chmod g=rwx /data /var/lib/entrypoint

# WORKSPACE_HOME, CONDA_ROOT, DATA_ENVIRONMENT, MAX_NUM_THREADS and WORKSPACE_BASE_URL are the base image's.
ENV RESOURCES_PATH=/resources \
    ENTRYPOINT_STATE=/var/lib/entrypoint \
    _ENTRYPOINT_EXECUTABLE=/usr/local/bin/entrypoint

COPY --chmod=755 docker/shims/docker-entrypoint.py /resources/docker-entrypoint.py
COPY --chmod=755 docker/shims/execute_code.py /resources/scripts/execute_code.py

COPY --chmod=755 artifacts/entrypoint /usr/local/bin/entrypoint
RUN ["/usr/local/bin/entrypoint", "--version"]

# Without EXECUTE_CODE, /resources/scripts/run_workspace.py is started.
ENTRYPOINT ["/usr/local/bin/entrypoint"]
CMD []

ARG VERSION=1.0.0
LABEL org.opencontainers.image.title="workspace" \
      org.opencontainers.image.description="ml-workspace, started by entrypoint" \
      io.entrypoint.version="${VERSION}"
