# Runs under /bin/bash before requirements.txt is applied, in this folder, with the job's environment activated.
set -euo pipefail
echo "setup.sh: $(nproc) CPUs, $(python3 --version), in $(basename "$PWD")"
