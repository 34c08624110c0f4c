"""Sets everything up on a fresh machine, then runs the demo or the tests: `python3 dev.py demo`, `python3 dev.py test`.

Standard library only. What each run does, in this order:

1. a stamp in `.venv` says that all of it was done for these very files and this Python: go to 5;
2. system libraries and programs that are missing are installed where that is allowed (root on Debian or Ubuntu),
   else the one line to run is printed;
3. `.venv` is filled with the packages of `uv.lock`, each checked against the digest there: by uv where it is, else by pip;
4. the checkout itself is installed into it, so that `.venv/bin/mou` runs what stands here;
5. the command takes this process's place.

A crash in 2 to 4 leaves an environment without a stamp; the next run does these steps again.

The syntax is old on purpose (quoted annotations, no import of what is new at the top), so that an older Python reads
far enough to say that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 8)
CHECKOUT = Path(__file__).resolve().parent
ENVIRONMENT = CHECKOUT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "set-up-by-dev"
OUTPUT_LINES_SHOWN = 12

HELP = """\
python3 dev.py demo   sets everything up, then runs the whole way on the bundled example, in the folder demo/
python3 dev.py test   sets everything up, then runs the whole test suite; what follows is passed on to pytest

The first run takes a minute or two; later runs start at once. After it, .venv/bin/mou is the program.
"""


class SetupError(Exception):
    """Something stands in the way; the message says what, and what to do about it."""

    def __init__(self, message: str, *, remedy: str = "", output: str = "") -> None:
        """Keep apart the one line to run, which alone goes to standard output, and the last lines of a failed step."""
        super().__init__(message)
        self.remedy = remedy
        self.output = output


def _can_load(library: str) -> bool:
    import ctypes.util

    # Loaded rather than looked up: musl has no loader cache to ask, and a library may be there without what it needs itself.
    name = library if sys.platform.startswith("linux") else ctypes.util.find_library(library[3:].split(".so.", maxsplit=1)[0])
    try:
        return name is not None and ctypes.CDLL(name) is not None
    except OSError:
        return False


def _can_start(program: str) -> bool:
    return shutil.which(program) is not None


def _can_import(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None


def _can_start_one(programs: str) -> bool:
    """Whether one of the programs that are named with ` or ` between them is there."""
    return any(_can_start(program) for program in programs.split(" or "))


class SystemPart(NamedTuple):
    """What no Python package carries, how to see that it is there, and what each system calls the package with it.

    An empty name: this system has no such package, so the part is not asked for there; the tests that need it say that they
    are skipped. Ubuntu's names are Debian's where none is given.
    """

    name: str
    is_present: "Callable[[str], bool]"
    debian: str
    fedora: str
    alpine: str
    macos: str
    ubuntu: "str | None" = None

    def package_on(self, family: str) -> str:
        """Return the package's name there, or an empty text."""
        if family != "ubuntu":
            return str(getattr(self, family))
        return self.debian if self.ubuntu is None else self.ubuntu


RENDERING_PARTS = (
    SystemPart("libpango-1.0.so.0", _can_load, "libpango-1.0-0", "pango", "so:libpango-1.0.so.0", "pango"),
    SystemPart("libpangoft2-1.0.so.0", _can_load, "libpangoft2-1.0-0", "pango", "so:libpangoft2-1.0.so.0", "pango"),
    SystemPart("libharfbuzz-subset.so.0", _can_load, "libharfbuzz-subset0", "harfbuzz", "so:libharfbuzz-subset.so.0", "harfbuzz"),
)
# The tests read documents back with programs that share no code with ours.
REFEREES = (
    SystemPart("pdftotext", _can_start, "poppler-utils", "poppler-utils", "poppler-utils", "poppler"),
    SystemPart("openssl", _can_start, "openssl", "openssl", "openssl", "openssl"),
)
# The pages are tried in a browser, keys on tokens with a token made of software. Ubuntu's browser is a snap, which does not start
# in a container; on macOS it is no formula; on Alpine nothing brings it a font, and without any it does not start.
SURROUNDINGS_OF_TESTS = (
    SystemPart("chromium or chromium-browser", _can_start_one, "chromium", "chromium", "chromium font-dejavu", "", ""),
    # What drives the browser is built with it, and brings it along nowhere.
    SystemPart("libatomic.so.1", _can_load, "libatomic1", "libatomic", "libatomic", ""),
    SystemPart("softhsm2-util", _can_start, "softhsm2", "softhsm", "softhsm", "softhsm"),
    # It fills in a signature field with code of its own.
    SystemPart("mutool", _can_start, "mupdf-tools", "mupdf", "mupdf-tools", "mupdf-tools"),
    # Drafts in Word are opened and saved by it, as an office does.
    SystemPart("soffice", _can_start, "libreoffice-writer-nogui", "libreoffice-writer", "libreoffice-writer", ""),
)
# Debian keeps the pip that every new environment starts with in a package of its own, one for each Python.
PIP_FOR_ENVIRONMENTS = SystemPart(
    "ensurepip", _can_import, f"python{sys.version_info[0]}.{sys.version_info[1]}-venv", "python3", "python3", "python"
)
INSTALL_LINES = {
    **dict.fromkeys(("debian", "ubuntu"), "{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}"),
    "fedora": "{sudo}dnf install -y {packages}",
    "alpine": "{sudo}apk add {packages}",
    "macos": "brew install {packages}",
}
# The checkout is built by the hatchling that the lock names, and nothing is fetched for it.
INSTALL_CHECKOUT = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", "."]
NO_NETWORK = "the package index cannot be reached; check the network or the proxy's settings, then run the same command again"
NO_TRUST = (
    "the package index shows a certificate that is not trusted here; behind a proxy that opens connections, "
    "name its root in PIP_CERT and SSL_CERT_FILE"
)
# A failed step's output, read for what a person can do about it; the first sign that is found counts.
FAILURES = {
    "do not match the hashes": "a package is not the one that uv.lock names, and was refused; do not go on with this index",
    "hash mismatch": "a package is not the one that uv.lock names, and was refused; do not go on with this index",
    "no space left": "the disk is full",
    "certificate verify failed": NO_TRUST,
    "invalid peer certificate": NO_TRUST,
    "permission denied": "a file may not be written; make your own copy of the checkout",
    "lockfile needs to be updated": "uv.lock does not go with pyproject.toml; run `uv lock`, and read what it changes",
    "could not get lock": "another package installation is running; run the same command again when it is done",
    "resolving": NO_NETWORK,
    "name resolution": NO_NETWORK,
    "name or service not known": NO_NETWORK,
    "could not resolve": NO_NETWORK,
    "dns error": NO_NETWORK,
    "failed to establish a new connection": NO_NETWORK,
    "network is unreachable": NO_NETWORK,
    "connection refused": NO_NETWORK,
    "timed out": NO_NETWORK,
    "error sending request": NO_NETWORK,
    "could not connect": NO_NETWORK,
    "no matching distribution": "a package has no wheel for this platform or this Python",
    "no wheel": "a package has no wheel for this platform or this Python",
}


def main(arguments: "list[str]") -> int:
    """Set up and hand over to the command; return an exit code only when that was not possible."""
    if sys.version_info < OLDEST_PYTHON:
        return _refuse_old_python(arguments)
    command = arguments[0] if arguments else "--help"
    if command in ("-h", "--help", "help"):
        print(HELP, end="")
        return 0
    if command not in ("demo", "test"):
        print(f"dev.py: 'demo' or 'test' expected, got {command!r}\n\n{HELP}", end="", file=sys.stderr)
        return 2
    try:
        set_up(command)
    except SetupError as error:
        _say("\n".join([*filter(None, [error.output]), f"dev.py: {error}"]))
        if error.remedy:
            print(error.remedy)
        return 1
    except KeyboardInterrupt:
        print("dev.py: stopped; the next run goes on from here", file=sys.stderr)
        return 130
    _hand_over(command, arguments[1:])
    return 0


def _refuse_old_python(arguments: "list[str]") -> int:
    needed, found = (".".join(str(part) for part in version) for version in (OLDEST_PYTHON, sys.version_info[:3]))
    message = f"dev.py: Python {needed} or newer expected, got {found} ({sys.executable})"
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    advice = "run: " + " ".join([newer[0], "dev.py", *arguments]) if newer else "install a newer one and run this file with it"
    print(f"{message}; {advice}", file=sys.stderr)
    return 1


def _hand_over(command: str, rest: "list[str]") -> None:
    os.chdir(str(CHECKOUT))
    if command == "demo":
        program = [str(ENVIRONMENT / "bin" / "mou"), "demo", "demo/", *rest]
    else:
        program = [str(PYTHON), "-m", "pytest", *rest]
    sys.stdout.flush()
    os.execv(program[0], program)


def set_up(command: str) -> None:
    """Make the machine and `.venv` ready for the command; a no-op when the stamp says that they are."""
    fingerprint = _fingerprint()
    stamped_fingerprint, stamped_command = _read_stamp()
    # What the tests need includes what the demo needs; an environment that was made for the tests stays one.
    command = "test" if "test" in (command, stamped_command) else command
    if (stamped_fingerprint, stamped_command) == (fingerprint, command) and PYTHON.exists():
        return
    _require_writable_checkout()
    uv = _usable_uv()
    for_tests = (*REFEREES, *SURROUNDINGS_OF_TESTS) if command == "test" else ()
    for_pip = () if uv else (PIP_FOR_ENVIRONMENTS,)
    _provide_system_parts([*RENDERING_PARTS, *for_tests, *for_pip])
    _say(f"Setting up .venv from uv.lock with {'uv' if uv else 'pip'}; this is done once ...")
    if STAMP.exists():
        STAMP.unlink()
    groups = ["build"] if command == "demo" else ["build", "dev"]
    extras = ["web"] if command == "demo" else ["web", "pkcs11"]
    if uv:
        _sync_with_uv(uv, groups, extras)
    else:
        _sync_with_pip(groups, extras)
    STAMP.write_text(f"{fingerprint} {command}\n", encoding="utf-8")


def _fingerprint() -> str:
    """Return the digest of all that decides what `.venv` holds; a moved checkout counts, since an environment cannot be moved."""
    digest = hashlib.sha256(repr((sys.version, _base_python(), str(CHECKOUT))).encode())
    for name in ("uv.lock", "pyproject.toml", "dev.py"):
        digest.update(hashlib.sha256((CHECKOUT / name).read_bytes()).digest())
    return digest.hexdigest()


def _read_stamp() -> "tuple[str, str]":
    try:
        fingerprint, command = STAMP.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return "", ""
    return fingerprint, command


def _base_python() -> str:
    """Return the interpreter outside of any virtual environment, since this file may be run by the one that it is to replace."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _require_writable_checkout() -> None:
    for folder in (CHECKOUT, ENVIRONMENT):
        if folder.exists() and not os.access(str(folder), os.W_OK):
            raise SetupError(
                f"{folder}: a folder that you may write in is expected, this one belongs to {_owner(folder)}; "
                "make your own copy of the checkout"
            )


def _owner(folder: Path) -> str:
    try:
        return folder.owner()
    except KeyError:
        return f"user number {folder.stat().st_uid}"


def _usable_uv() -> "str | None":
    """Return the path of uv, or None where there is none that starts and knows the options used here."""
    uv = shutil.which("uv")
    if uv is None:
        return None
    answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    words = answer.stdout.split()
    try:
        version = tuple(int(part) for part in words[1].split(".")[:2])
    except (IndexError, ValueError):
        return None
    return uv if version >= OLDEST_UV else None


def _provide_system_parts(parts: "list[SystemPart]") -> None:
    """Install the parts that are missing where that is allowed, else raise with the one line to run."""
    family = _system_family()
    is_known = family in INSTALL_LINES
    missing = [part for part in parts if not part.is_present(part.name) and (not is_known or part.package_on(family))]
    if not missing:
        return
    names = ", ".join(part.name for part in missing)
    if not is_known:
        raise SetupError(f"missing on this system: {names}; install them with its package manager, then run this again")
    packages = sorted({part.package_on(family) for part in missing})
    is_root = os.geteuid() == 0
    if not (is_root and family in ("debian", "ubuntu")):
        line = INSTALL_LINES[family].format(sudo="" if is_root else "sudo ", packages=" ".join(packages))
        raise SetupError(f"missing on this system: {names}; run this line, then the same command again:", remedy=line)
    _say(f"Installing {' '.join(packages)} with apt-get ...")
    _run(["apt-get", "update"], DEBIAN_FRONTEND="noninteractive")
    _run(["apt-get", "install", "-y", "--no-install-recommends", *packages], DEBIAN_FRONTEND="noninteractive")
    still_missing = [part.name for part in missing if not part.is_present(part.name)]
    if still_missing:
        raise SetupError(f"apt-get installed {' '.join(packages)}, and still missing is: {', '.join(still_missing)}")


def _system_family() -> str:
    """Return the key of `INSTALL_LINES` for this system, or an empty text for one that is not known."""
    if sys.platform == "darwin":
        return "macos"
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    named = " ".join(line.partition("=")[2].strip("\"'") for line in lines if line.startswith(("ID=", "ID_LIKE="))).split()
    kinds = {"debian": "debian", "ubuntu": "ubuntu", "fedora": "fedora", "rhel": "fedora", "alpine": "alpine"}
    return next((kinds[name] for name in named if name in kinds), "")


def _sync_with_uv(uv: str, groups: "list[str]", extras: "list[str]") -> None:
    chosen = [option for group in groups for option in ("--group", group)]
    chosen += [option for extra in extras for option in ("--extra", extra)]
    # --no-build: what has no wheel for this platform is refused, since the tools that would build it are in no lock.
    locked = ["--locked", "--no-build", "--no-install-project", "--no-default-groups"]
    here = {"UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT), "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(ENVIRONMENT)}
    _run([uv, "sync", *locked, *chosen, "--python", _base_python()], **here)
    _run([uv, "pip", "install", "--python", str(PYTHON), *INSTALL_CHECKOUT], **here)


def _sync_with_pip(groups: "list[str]", extras: "list[str]") -> None:
    import tomllib

    requirements = locked_requirements(tomllib.loads((CHECKOUT / "uv.lock").read_text(encoding="utf-8")), groups, extras)
    # Begun anew, since pip would leave what the lock no longer names.
    _run([_base_python(), "-m", "venv", "--clear", str(ENVIRONMENT)])
    listed = ENVIRONMENT / "locked-requirements.txt"
    listed.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--retries", "2", "--disable-pip-version-check"]
    quiet = {"PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    _run([*pip, "--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(listed)], **quiet)
    _run([*pip, *INSTALL_CHECKOUT], **quiet)


def locked_requirements(lock: "dict[str, Any]", groups: "list[str]", extras: "list[str]") -> "list[str]":
    """Return one pip requirement per package that the project, its extras and the groups need, with version, markers, digests.

    `lock` is a parsed uv.lock. A package that is reached on several ways carries the markers of all of them, so the list holds
    for every platform, and pip itself decides what this one needs.
    """
    packages = {str(package["name"]): package for package in lock["package"]}
    if len(packages) != len(lock["package"]):
        raise SetupError("uv.lock: one version per package expected, got several of one; install uv and run this again")
    project = next(package for package in lock["package"] if package["source"].get("editable") == ".")
    markers: dict[str, set[str]] = {}

    def visit(dependencies: "list[dict[str, Any]]", condition: str, way: "tuple[str, ...]") -> None:
        for dependency in dependencies:
            name = str(dependency["name"])
            marker = " and ".join(f"({part})" for part in (condition, dependency.get("marker")) if part)
            if name in way or ({"", marker} & markers.get(name, set()) and not dependency.get("extra")):
                continue
            markers.setdefault(name, set()).add(marker)
            package = packages[name]
            visit(package.get("dependencies", []), marker, (*way, name))
            for extra in dependency.get("extra", []):
                visit(package.get("optional-dependencies", {}).get(extra, []), marker, (*way, name))

    visit(project["dependencies"], "", ())
    for group in groups:
        visit(project["dev-dependencies"][group], "", ())
    for extra in extras:
        visit(project.get("optional-dependencies", {}).get(extra, []), "", ())
    return [_requirement(packages[name], markers[name]) for name in sorted(markers)]


def _requirement(package: "dict[str, Any]", markers: "set[str]") -> str:
    condition = "" if "" in markers else " ; " + " or ".join(sorted(markers))
    digests = sorted(wheel["hash"] for wheel in package["wheels"])
    return f"{package['name']}=={package['version']}{condition}" + "".join(f" \\\n    --hash={digest}" for digest in digests)


def _run(command: "list[str]", **environment: str) -> None:
    """Run one step quietly; when it fails, raise with its last lines and with what they mean."""
    finished = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if finished.returncode == 0:
        return
    output = finished.stdout.strip()
    shown = "\n".join(f"  {line}" for line in output.splitlines()[-OUTPUT_LINES_SHOWN:])
    advice = next((advice for sign, advice in FAILURES.items() if sign.lower() in output.lower()), "its last lines stand above")
    raise SetupError(f"`{' '.join(command[:3])} ...` ended with exit code {finished.returncode}: {advice}", output=shown)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
