"""dev.py: what it asks the machine for, which packages it lets in, and what it says when something stands in the way."""

import ast
import importlib.util
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).resolve().parents[2]
PLATFORMS: dict[str, dict[str, str]] = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "pypy": {"platform_python_implementation": "PyPy", "implementation_name": "pypy"},
    "python-3.11": {"python_version": "3.11", "python_full_version": "3.11.0"},
    "python-3.14": {"python_version": "3.14", "python_full_version": "3.14.2"},
}
CHOICES = {"demo": (["build"], ["web"]), "test": (["build", "dev"], ["web", "pkcs11"])}


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", CHECKOUT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lone_dev(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """dev.py in a checkout of its own, on a machine where nothing is missing; commands are noted, and none is run."""
    for name in ("uv.lock", "pyproject.toml", "dev.py"):
        (tmp_path / name).write_bytes((CHECKOUT / name).read_bytes())
    environment = tmp_path / ".venv"
    monkeypatch.setattr(dev, "CHECKOUT", tmp_path)
    monkeypatch.setattr(dev, "ENVIRONMENT", environment)
    monkeypatch.setattr(dev, "PYTHON", environment / "bin" / "python")
    monkeypatch.setattr(dev, "STAMP", environment / "set-up-by-dev")
    monkeypatch.setattr(dev, "_usable_uv", lambda: "uv")
    monkeypatch.setattr(dev, "_provide_system_parts", lambda _parts: None)
    commands: list[list[str]] = []

    def run(command: list[str], **_environment: str) -> None:
        dev.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        dev.PYTHON.touch()
        commands.append(command)

    monkeypatch.setattr(dev, "_run", run)
    monkeypatch.setattr(dev, "commands", commands, raising=False)
    return dev


def exported_by_uv(groups: list[str], extras: list[str]) -> list[Requirement]:
    uv = str(Path(sys.executable).with_name("uv"))
    plain = ["--frozen", "--offline", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header", "--no-default-groups"]
    chosen = [option for group in groups for option in ("--group", group)]
    chosen += [option for extra in extras for option in ("--extra", extra)]
    command = [uv, "export", "--quiet", "--project", str(CHECKOUT), *plain, *chosen]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    return [Requirement(line) for line in answer.stdout.splitlines()]


def installed_on(requirements: list[Requirement], platform: Mapping[str, str]) -> set[str]:
    environment = {**{name: str(value) for name, value in default_environment().items()}, **platform}
    return {
        f"{found.name}{found.specifier}" for found in requirements if found.marker is None or found.marker.evaluate(environment)
    }


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS.keys())
@pytest.mark.parametrize(("groups", "extras"), CHOICES.values(), ids=CHOICES.keys())
def test_pip_gets_the_packages_that_uv_itself_reads_from_the_lock(
    dev: ModuleType, groups: list[str], extras: list[str], platform: Mapping[str, str]
) -> None:
    lock = tomllib.loads((CHECKOUT / "uv.lock").read_text(encoding="utf-8"))
    ours = [Requirement(line.partition(" \\\n")[0]) for line in dev.locked_requirements(lock, groups, extras)]
    assert installed_on(ours, platform) == installed_on(exported_by_uv(groups, extras), platform)


def test_pip_gets_digests_for_every_package_and_only_those_of_the_lock(dev: ModuleType) -> None:
    lock = tomllib.loads((CHECKOUT / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"]: {wheel["hash"] for wheel in package.get("wheels", [])} for package in lock["package"]}
    for requirement in dev.locked_requirements(lock, *CHOICES["test"]):
        name = requirement.partition("==")[0]
        digests = {part.strip(" \\\n") for part in requirement.split("--hash=")[1:]}
        assert digests == locked[name]
        assert digests


def test_a_lock_with_two_versions_of_a_package_is_refused_by_the_pip_way(dev: ModuleType) -> None:
    lock = {"package": [{"name": "mou", "source": {"editable": "."}}, {"name": "six"}, {"name": "six"}]}
    with pytest.raises(dev.SetupError, match="one version per package expected"):
        dev.locked_requirements(lock, [], [])


def test_the_file_can_be_read_by_a_python_that_is_too_old() -> None:
    tree = ast.parse((CHECKOUT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    hints = [
        argument.annotation for function in functions for argument in ast.walk(function.args) if isinstance(argument, ast.arg)
    ]
    hints += [function.returns for function in functions]
    # A hint that only a newer Python can evaluate stands in quotes.
    assert {type(hint) for hint in hints if hint is not None} <= {ast.Name, ast.Constant}
    assert "tomllib" not in {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}


def test_a_python_that_is_too_old_is_named_with_the_one_that_is_needed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "OLDEST_PYTHON", (99, 0))
    assert dev.main(["demo"]) == 1
    assert f"Python 99.0 or newer expected, got {sys.version_info[0]}.{sys.version_info[1]}" in capsys.readouterr().err


def test_without_a_command_the_two_commands_are_explained(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    assert "python3 dev.py demo" in capsys.readouterr().out


def test_an_unknown_command_is_wrong_usage(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["deom"]) == 2
    assert "'demo' or 'test' expected, got 'deom'" in capsys.readouterr().err


LINES = {
    "debian": "sudo apt-get update && sudo apt-get install -y --no-install-recommends libnone1",
    "ubuntu": "sudo apt-get update && sudo apt-get install -y --no-install-recommends libnone1",
    "fedora": "sudo dnf install -y none-libs",
    "alpine": "sudo apk add so:libnone.so.1",
    "macos": "brew install none",
}


@pytest.mark.parametrize(("family", "line"), LINES.items(), ids=LINES.keys())
def test_an_ordinary_user_gets_the_one_line_to_run(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], family: str, line: str
) -> None:
    missing = dev.SystemPart("libnone.so.1", dev._can_load, "libnone1", "none-libs", "so:libnone.so.1", "none")
    monkeypatch.setattr(dev, "_system_family", lambda: family)
    monkeypatch.setattr(dev, "RENDERING_PARTS", (missing,))
    monkeypatch.setattr(dev, "STAMP", CHECKOUT / "no-such-stamp")
    monkeypatch.setattr(dev, "_usable_uv", lambda: "uv")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert dev.main(["demo"]) == 1
    printed = capsys.readouterr()
    assert printed.out == f"{line}\n"
    assert "libnone.so.1" in printed.err


def test_on_a_system_that_is_not_known_the_missing_parts_are_named(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "_system_family", lambda: "")
    part = dev.SystemPart("no-such-program", dev._can_start, "a", "b", "c", "d")
    with pytest.raises(dev.SetupError, match="missing on this system: no-such-program"):
        dev._provide_system_parts([part])


def test_root_on_debian_installs_what_is_missing_and_says_so_when_that_did_not_help(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(dev, "_run", lambda command, **_environment: commands.append(command))
    monkeypatch.setattr(dev, "_system_family", lambda: "debian")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    part = dev.SystemPart("no-such-program", dev._can_start, "a-package", "b", "c", "d")
    with pytest.raises(dev.SetupError, match="apt-get installed a-package, and still missing is: no-such-program"):
        dev._provide_system_parts([part])
    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]


def test_a_part_that_a_system_has_no_package_for_is_not_asked_for_there(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    part = dev.SystemPart("no-such-program", dev._can_start, "a-package", "b", "c", "", "")
    for family in ("macos", "ubuntu"):
        monkeypatch.setattr(dev, "_system_family", lambda family=family: family)
        dev._provide_system_parts([part])
    monkeypatch.setattr(dev, "_system_family", lambda: "alpine")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(dev.SetupError, match="missing on this system: no-such-program") as raised:
        dev._provide_system_parts([part])
    assert raised.value.remedy == "sudo apk add c"


def test_one_program_of_several_is_enough(dev: ModuleType) -> None:
    assert dev._can_start_one("no-such-program or sh")
    assert not dev._can_start_one("no-such-program or no-such-program-either")


SYSTEMS = {
    "debian": ('ID=debian\nVERSION_ID="12"\n', "debian"),
    "ubuntu": ("ID=ubuntu\nID_LIKE=debian\n", "ubuntu"),
    "raspbian": ('ID=raspbian\nID_LIKE="debian"\n', "debian"),
    "rocky": ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fedora"),
    "unknown": ("ID=plan9\n", ""),
}


@pytest.mark.parametrize(("release", "family"), SYSTEMS.values(), ids=SYSTEMS.keys())
def test_a_system_is_known_by_its_own_name_or_by_what_it_is_like(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, release: str, family: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "read_text", lambda _path, **_how: release)
    assert dev._system_family() == family


@pytest.mark.parametrize(("command", "is_asked_for"), {"demo": False, "test": True}.items())
def test_a_browser_and_a_token_are_for_the_tests_alone(
    lone_dev: ModuleType, monkeypatch: pytest.MonkeyPatch, command: str, *, is_asked_for: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(lone_dev, "_provide_system_parts", lambda parts: asked.extend(part.debian for part in parts))
    lone_dev.set_up(command)
    assert ("libpango-1.0-0" in asked, {"chromium", "libatomic1", "softhsm2"} <= set(asked)) == (True, is_asked_for)


def test_the_demo_brings_the_pages_and_the_tests_bring_tokens_too(lone_dev: ModuleType) -> None:
    for command, (_, extras) in CHOICES.items():
        lone_dev.commands.clear()
        lone_dev.set_up(command)
        synced = lone_dev.commands[0]
        assert [synced[place + 1] for place, option in enumerate(synced) if option == "--extra"] == extras


def test_a_second_run_does_nothing(lone_dev: ModuleType) -> None:
    lone_dev.set_up("test")
    first_run = len(lone_dev.commands)
    lone_dev.set_up("test")
    assert first_run > 0
    assert len(lone_dev.commands) == first_run


def test_the_demo_runs_in_an_environment_that_was_made_for_the_tests(lone_dev: ModuleType) -> None:
    lone_dev.set_up("test")
    lone_dev.commands.clear()
    lone_dev.set_up("demo")
    assert lone_dev.commands == []


def test_the_tests_need_more_than_an_environment_that_was_made_for_the_demo(lone_dev: ModuleType) -> None:
    lone_dev.set_up("demo")
    lone_dev.commands.clear()
    lone_dev.set_up("test")
    assert "dev" in lone_dev.commands[0]


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_set_up_again_with_what_was_there_before(lone_dev: ModuleType, name: str) -> None:
    lone_dev.set_up("test")
    lone_dev.commands.clear()
    changed = lone_dev.CHECKOUT / name
    changed.write_bytes(changed.read_bytes() + b"\n# changed\n")
    lone_dev.set_up("demo")
    assert "dev" in lone_dev.commands[0]


def test_a_setup_that_failed_leaves_no_stamp(lone_dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    lone_dev.set_up("demo")

    def fail(command: list[str], **_environment: str) -> None:
        raise lone_dev.SetupError(" ".join(command))

    monkeypatch.setattr(lone_dev, "_run", fail)
    with pytest.raises(lone_dev.SetupError):
        lone_dev.set_up("test")
    assert not lone_dev.STAMP.exists()


def test_a_folder_that_may_not_be_written_in_is_named(lone_dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(lone_dev.SetupError, match="a folder that you may write in is expected"):
        lone_dev.set_up("demo")


FAILURES = {
    "no-network-uv": ("error: dns error: failed to lookup address information", "cannot be reached"),
    "no-network-pip": ("[Errno -3] Temporary failure in name resolution\nNo matching distribution found", "cannot be reached"),
    "no-network-apt": ("Err:1 Temporary failure resolving 'deb.example'", "cannot be reached"),
    "wrong-digest": ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that uv.lock names"),
    "full-disk": ("OSError: [Errno 28] No space left on device", "the disk is full"),
    "own-root": ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "PIP_CERT"),
    "stale-lock": ("The lockfile needs to be updated", "uv.lock does not go with pyproject.toml"),
    "anything-else": ("boom", "its last lines stand above"),
}


@pytest.mark.parametrize(("output", "advice"), FAILURES.values(), ids=FAILURES.keys())
def test_a_step_that_fails_says_what_to_do_and_shows_its_last_lines(dev: ModuleType, output: str, advice: str) -> None:
    with pytest.raises(dev.SetupError) as raised:
        dev._run([sys.executable, "-c", f"print({output!r}); raise SystemExit(3)"])
    assert advice in str(raised.value)
    assert output.splitlines()[-1] in raised.value.output


def test_a_uv_that_does_not_start_is_no_uv(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "uv"
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert dev._usable_uv() is None
