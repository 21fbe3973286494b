"""A small job worth looking at: fits a straight line to noisy points by gradient descent, and says what it was given.

Try it:  entrypoint test-fixtures/ml-job -- --epochs 20 --points 2000
"""

import argparse
import os
import random
import sys

try:
    import tinystats
except ImportError:
    sys.exit("tinystats is not installed: run this job without --code-only once, so that requirements.txt is applied.")


def points(count: int, seed: int) -> tuple[list[float], list[float]]:
    """Points around the line y = 3x - 2."""
    rng = random.Random(seed)
    xs = [rng.uniform(-1, 1) for _ in range(count)]
    return xs, [3 * x - 2 + rng.gauss(0, 0.1) for x in xs]


def train(xs: list[float], ys: list[float], epochs: int) -> tuple[float, float]:
    slope = intercept = 0.0
    for epoch in range(1, epochs + 1):
        errors = [slope * x + intercept - y for x, y in zip(xs, ys)]
        slope -= 1.2 * tinystats.mean([error * x for error, x in zip(errors, xs)])
        intercept -= 0.6 * tinystats.mean(errors)
        loss = tinystats.mean([error * error for error in errors])
        if epoch == epochs or epoch % max(1, epochs // 5) == 0:
            done = 20 * epoch // epochs
            print(f"epoch {epoch:3d} [{'#' * done}{'.' * (20 - done)}] loss {loss:.4f}")
    return slope, intercept


def main() -> int:
    parser = argparse.ArgumentParser(prog="ml-job")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    print(f"arguments:   {sys.argv[1:]}")
    print(f"interpreter: {sys.executable} (Python {sys.version.split()[0]})")
    print(f"folder:      {os.getcwd()}")
    print(f"code:        {os.environ.get('ENTRYPOINT_CODE', '(not started by entrypoint)')}")
    xs, ys = points(options.points, options.seed)
    slope, intercept = train(xs, ys, options.epochs)
    print(f"y = {slope:.2f}x {'-' if intercept < 0 else '+'} {abs(intercept):.2f}, spread of y {tinystats.deviation(ys):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
