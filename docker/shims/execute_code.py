"""Stands where ml-workspace's execute_code.py stood, and becomes the executable, which does the same and more.

The arguments are read as they were there: options may be shortened, words are joined to one path or URL, EXECUTE_CODE wins over them,
and what is not known is named and ignored. What follows `--` is new: it reaches the job.
"""

import argparse
import os
import sys

EXECUTABLE = os.environ.get("_ENTRYPOINT_EXECUTABLE") or "entrypoint"

words = sys.argv[1:]
split = words.index("--") if "--" in words else len(words)
words, job_arguments = words[:split], words[split:]

parser = argparse.ArgumentParser(usage="%(prog)s [-h] [--requirements-only] [--code-only] [code] [-- job_argument ...]")
parser.add_argument("--requirements-only", action="store_true", help="install the requirements, run nothing")
parser.add_argument("--code-only", action="store_true", help="install nothing, run the code")
options, rest = parser.parse_known_args(words)

command = [EXECUTABLE]
command += ["--requirements-only"] * options.requirements_only
command += ["--code-only"] * options.code_only

code = [] if os.environ.get("EXECUTE_CODE") else [word for word in rest if not word.startswith("-")]
unknown = [word for word in rest if word not in code]
if unknown:
    print(f"Unknown arguments {unknown}", flush=True)
if code:
    command.append(" ".join(code))
elif len(command) == 1 and not os.environ.get("EXECUTE_CODE"):
    print("EXECUTE_CODE env variable is not set.", flush=True)
    sys.exit(64)

try:
    os.execvp(EXECUTABLE, command + job_arguments)
except OSError as error:
    print(f"{EXECUTABLE}: {error.strerror}", file=sys.stderr)
    sys.exit(127 if isinstance(error, FileNotFoundError) else 126)
