"""The interpreter that an environment is for: its version, its platform, and what its markers say.

It is asked, never assumed: the image's interpreter is rarely the one the harness runs on, and pip would otherwise judge
markers and wheels by the wrong one.
"""

import json
from dataclasses import dataclass

from harness.errors import SandboxError

PROBE = """
import json, os, platform, sys, sysconfig
name, version = platform.libc_ver()
print(json.dumps({
    "executable": os.path.realpath(sys.executable),
    "prefix": sys.base_prefix,
    "shared": bool(sysconfig.get_config_var("Py_ENABLE_SHARED")),
    "abi": "cp%d%d%s" % (sys.version_info[0], sys.version_info[1], sys.abiflags),
    "libc": [name, version],
    "markers": {
        "implementation_name": sys.implementation.name,
        "implementation_version": platform.python_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": "",
        "platform_system": platform.system(),
        "platform_version": "",
        "python_full_version": platform.python_version(),
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform,
    },
}))
"""
"""A program that prints what `Target.read` takes; run by the interpreter in question, isolated and without site."""

_OLDEST_GLIBC, _OLDEST_MUSL = 5, 1


@dataclass(frozen=True)
class Target:
    """What an interpreter said of itself."""

    executable: str
    prefix: str
    shared: bool
    """Whether its library is a file of its own, found by the path it was built for."""
    abi: str
    libc: tuple[str, str]
    markers: dict[str, str]

    @classmethod
    def read(cls, printed: str, asked: str) -> "Target":
        """From what PROBE printed."""
        try:
            seen = json.loads(printed)
            target = cls(
                executable=seen["executable"],
                prefix=seen["prefix"],
                shared=seen["shared"],
                abi=seen["abi"],
                libc=(seen["libc"][0], seen["libc"][1]),
                markers={str(name): str(value) for name, value in seen["markers"].items()},
            )
        except (ValueError, KeyError, TypeError, IndexError) as problem:
            raise SandboxError(f"its interpreter gave no usable description: {printed[:200]!r}", where=asked) from problem
        if target.markers["implementation_name"] != "cpython" or target.markers["sys_platform"] != "linux":
            raise SandboxError(
                f"its interpreter is {target.markers['implementation_name']} on {target.markers['sys_platform']}",
                where=asked,
                expected="CPython on Linux",
            )
        return target

    @property
    def version(self) -> str:
        return self.markers["python_full_version"]

    @property
    def name(self) -> str:
        """Short, and different wherever different wheels could be chosen."""
        return f"{self.abi}-{self.markers['python_full_version']}-{self.libc[0] or 'musl'}{self.libc[1]}-{self.machine}"

    @property
    def machine(self) -> str:
        return self.markers["platform_machine"]

    def pip_options(self) -> tuple[str, ...]:
        """How pip is told to choose wheels for this interpreter instead of its own."""
        platforms = [f"--platform={platform}" for platform in self.platforms()]
        abis = [f"--abi={abi}" for abi in (self.abi, "abi3", "none")]
        return (f"--python-version={self.version}", "--implementation=cp", *abis, *platforms)

    def platforms(self) -> tuple[str, ...]:
        """The platform tags it can use, best first."""
        if self.libc[0] != "glibc":
            tags = [f"musllinux_1_{minor}_{self.machine}" for minor in range(2, _OLDEST_MUSL - 1, -1)]
        else:
            newest = int(self.libc[1].split(".")[1])
            tags = [f"manylinux_2_{minor}_{self.machine}" for minor in range(newest, _OLDEST_GLIBC - 1, -1)]
            tags += [f"{old}_{self.machine}" for old in ("manylinux2014", "manylinux2010", "manylinux1")]
        return (*tags, f"linux_{self.machine}")
