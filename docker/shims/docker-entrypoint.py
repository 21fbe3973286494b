"""Stands where ml-workspace's docker-entrypoint.py stood, and becomes the executable: the job's, or without a job the workspace's init."""

import os
import sys

EXECUTABLE = os.environ.get("_ENTRYPOINT_EXECUTABLE") or "entrypoint"
RESOURCES_PATH = os.environ.get("RESOURCES_PATH") or os.path.dirname(os.path.abspath(__file__))

words = sys.argv[1:]
if os.environ.get("EXECUTE_CODE") or "--requirements-only" in words or "--code-only" in words:
    os.execv(sys.executable, [sys.executable, os.path.join(RESOURCES_PATH, "scripts", "execute_code.py"), *words])

# No code to run: the words are the workspace's.
try:
    os.execvp(EXECUTABLE, [EXECUTABLE, "--", *(words[1:] if words[:1] == ["--"] else words)])
except OSError as error:
    print(f"{EXECUTABLE}: {error.strerror}", file=sys.stderr)
    sys.exit(127 if isinstance(error, FileNotFoundError) else 126)
