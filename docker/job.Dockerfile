# A job's own image: its code and all that the code needs, so that a start installs nothing.
#
#     docker build -t ml-job -f docker/job.Dockerfile test-fixtures
#
# The build's folder holds the job as ml-job/.
ARG BASE_IMAGE=entrypoint
FROM ${BASE_IMAGE}

# Add job code to image
COPY ml-job /workspace/ml-job
ENV EXECUTE_CODE=/workspace/ml-job

# Install requirements only
RUN ["entrypoint", "--requirements-only"]

# Execute only the code at container startup
CMD ["--code-only"]
