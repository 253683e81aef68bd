"""Make .venv from the committed lock, with nothing but the Python standard library.

`.venv/.installed` is a copy of the lock that was installed: only another content is another set-up.
"""

import subprocess
import sys
import time
from pathlib import Path

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(
        f"Python 3.11, 3.12 or 3.13 is needed, but {sys.executable} is {sys.version.split()[0]}.\n"
        "Name another one: make PYTHON=python3.12 …"
    )

LOCK = Path("requirements.lock")
INSTALLED = Path(".venv/.installed")
LOG = Path(".venv/setup.log")

if INSTALLED.is_file() and INSTALLED.read_bytes() == LOCK.read_bytes():
    INSTALLED.touch()
    sys.exit()

INSTALL = [
    ".venv/bin/python",
    "-m",
    "pip",
    "install",
    "--require-hashes",
    "--no-deps",
    "-r",
    "requirements.lock",
]

started = time.monotonic()
print("Setting up .venv from requirements.lock (once; about a minute) …", flush=True)
if subprocess.run([sys.executable, "-m", "venv", ".venv"]).returncode:
    sys.exit("python3 -m venv failed; on Debian and Ubuntu the package python3-venv provides it")
with LOG.open("w") as log:
    code = subprocess.run(
        [*INSTALL, "--disable-pip-version-check"], stdout=log, stderr=subprocess.STDOUT
    ).returncode
if code:
    sys.stderr.write("\n".join(LOG.read_text().splitlines()[-15:]) + "\n")
    sys.exit(f"The packages of requirements.lock could not be installed; the whole log is {LOG}")
# what the first build would spend ten seconds on; where it fails, that build says why
with LOG.open("a") as log:
    subprocess.run([".venv/bin/python", "-m", "extract.prepared"], stdout=log, stderr=subprocess.STDOUT)
print(f"… done in {time.monotonic() - started:.0f} s", flush=True)
INSTALLED.write_bytes(LOCK.read_bytes())
