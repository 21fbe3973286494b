# An ml-workspace image with the executable in place of docker-entrypoint.py, execute_code.py and tini.
#
#     docker build -f docker/Dockerfile --target executable -t entrypoint-executable .
#     docker build -f docker/workspace.Dockerfile -t workspace .
#
# An executable that is there already is taken with --build-context executable=artifacts.
ARG BASE_IMAGE=mltooling/ml-workspace:0.13.2
ARG EXECUTABLE_IMAGE=entrypoint-executable
FROM ${EXECUTABLE_IMAGE} AS executable

FROM ${BASE_IMAGE}

# ml-workspace is made to be run as root; the state folder is open to group 0, as in docker/Dockerfile.
USER root
RUN mkdir -p /data /var/lib/entrypoint && chmod g=rwx /data /var/lib/entrypoint

# A user with a name for those who run jobs as another than root: ssh and Python's getpass want one.
RUN getent passwd 1000 || useradd --uid 1000 --gid 0 --no-create-home --home-dir /workspace --shell /bin/bash job

# Repositories are mounted that belong to somebody of the host; git would refuse to fetch from them (git-config(1), safe.directory).
RUN git config --system safe.directory '*'

# WORKSPACE_HOME, CONDA_ROOT, DATA_ENVIRONMENT, MAX_NUM_THREADS and WORKSPACE_BASE_URL are the base image's.
ENV RESOURCES_PATH=/resources \
    ENTRYPOINT_STATE=/var/lib/entrypoint \
    _ENTRYPOINT_EXECUTABLE=/usr/local/bin/entrypoint

COPY --chmod=755 docker/shims/docker-entrypoint.py /resources/docker-entrypoint.py
COPY --chmod=755 docker/shims/execute_code.py /resources/scripts/execute_code.py

COPY --from=executable --chmod=755 /entrypoint /usr/local/bin/entrypoint
RUN ["/usr/local/bin/entrypoint", "--version"]

# Without EXECUTE_CODE, /resources/scripts/run_workspace.py is started.
ENTRYPOINT ["/usr/local/bin/entrypoint"]
CMD []

ARG VERSION=1.0.0
LABEL org.opencontainers.image.title="workspace" \
      org.opencontainers.image.description="ml-workspace, started by entrypoint" \
      io.entrypoint.version="${VERSION}"
