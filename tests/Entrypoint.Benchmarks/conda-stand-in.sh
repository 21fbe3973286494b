#!/bin/bash
# `conda env create -p PREFIX -f FILE`, as far as a second start can tell it from the real one.
while [ $# -gt 0 ]; do
    case $1 in
        -p | --prefix) prefix=$2; shift ;;
        -n | --name) prefix=$CONDA_ROOT/envs/$2; shift ;;
    esac
    shift
done
mkdir -p "$prefix/conda-meta" || exit 1
"$STANDIN_PYTHON" -m venv "$prefix" || exit 1
echo '==> conda env create <==' >"$prefix/conda-meta/history"
echo '{"version": 1, "env_vars": {}}' >"$prefix/conda-meta/state"
