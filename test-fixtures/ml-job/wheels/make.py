"""Makes tinystats-1.0-py3-none-any.whl: a wheel is a zip with a module and three files about it."""

import base64
import hashlib
import pathlib
import zipfile

MODULE = '''"""Mean and standard deviation."""


def mean(values):
    return sum(values) / len(values)


def deviation(values):
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values]) ** 0.5
'''
INFO = "tinystats-1.0.dist-info"
FILES = {
    "tinystats.py": MODULE,
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: tinystats\nVersion: 1.0\nSummary: Mean and standard deviation\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: make.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}


def record(name: str, text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(text.encode())}\n"


with zipfile.ZipFile(pathlib.Path(__file__).with_name("tinystats-1.0-py3-none-any.whl"), "w") as wheel:
    rows = "".join(record(name, text) for name, text in FILES.items()) + f"{INFO}/RECORD,,\n"
    for name, text in {**FILES, f"{INFO}/RECORD": rows}.items():
        wheel.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
