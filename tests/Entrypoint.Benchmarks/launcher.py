"""The least that a launcher in Python can be: one that starts a second one, which runs the code.

The original has the same chain: docker-entrypoint.py calls execute_code.py, and that calls Python, each with subprocess. Neither of
its two parts does anything else here.
"""
import subprocess
import sys

SECOND = "import subprocess, sys; sys.exit(subprocess.call([sys.executable] + sys.argv[1:]))"

if __name__ == "__main__":
    sys.exit(subprocess.call([sys.executable, "-c", SECOND] + sys.argv[1:]))
