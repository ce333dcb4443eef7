"""Precompiles /v8/pch/NAME.h with the very flags that ninja compiles TARGET with, since a header made with others is refused.

usage: precompile.py NAME TARGET [EXTRA FLAGS...]
"""

import shlex
import subprocess
import sys

OUT = "/v8/out"
CLANG = ["/usr/lib/llvm-22/bin/clang", "--driver-mode=g++"]

name, target, extra = sys.argv[1], sys.argv[2], sys.argv[3:]
commands = subprocess.run(
    ["ninja", "-t", "commands", "-s", target], cwd=OUT, capture_output=True, text=True, check=True
)
arguments = shlex.split(commands.stdout.strip().splitlines()[-1])[1:]

flags = []
while arguments:
    argument = arguments.pop(0)
    if argument in ("-c", "-o", "-MF"):  # each is followed by a file that is not ours
        arguments.pop(0)
    elif argument != "-MMD" and not argument.startswith("-fmodule-name"):
        flags.append(argument)

flags += [*extra, "-w", "-fpch-instantiate-templates", "-x", "c++-header"]
sys.exit(subprocess.run([*CLANG, *flags, f"/v8/pch/{name}.h", "-o", f"/v8/pch/{name}.pch"], cwd=OUT).returncode)
