from pathlib import Path

import pytest

from mou.config import SettingsError, find_workspace, read_settings, settings_text
from mou.errors import WorkspaceError


def write_settings(folder: Path, text: str) -> Path:
    (folder / "mou.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["เครือข่ายสิทธิเด็กล้านนา", 'a "quoted" name', "back\\slash", "tab\tand\nline"], ids=ascii)
def test_new_settings_give_back_the_name_they_were_made_with(tmp_path: Path, name: str) -> None:
    write_settings(tmp_path, settings_text(name=name, origin="example.org/charters"))
    assert read_settings(tmp_path).name == name


def test_the_environment_stands_above_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(tmp_path, settings_text(name="ชื่อ", origin="example.org/charters"))
    monkeypatch.setenv("MOU_WORKERS", "7")
    assert read_settings(tmp_path).workers == 7


def test_a_folder_without_settings_is_not_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"not a workspace.*mou init"):
        read_settings(tmp_path)


def test_a_workspace_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    write_settings(tmp_path, 'workspace_version = 99\nname = "x"\norigin = "y"\nsomething_new = 1\n')
    with pytest.raises(WorkspaceError, match=r"version 99.*up to 1.*newer mou"):
        read_settings(tmp_path)


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    write_settings(tmp_path, 'workspace_version = 1\nname = ""\norigin = "has space"\nworkers = 0\nunheard_of = 1\n')
    with pytest.raises(SettingsError) as refused:
        read_settings(tmp_path)
    assert all(name in str(refused.value) for name in ("name", "origin", "workers", "unheard_of"))


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe\x00"], ids=["syntax", "not UTF-8"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mou.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"mou\.toml cannot be read as TOML"):
        read_settings(tmp_path)


def test_the_nearest_workspace_above_is_found(tmp_path: Path) -> None:
    write_settings(tmp_path, "")
    inner = tmp_path / "documents" / "deep"
    inner.mkdir(parents=True)
    assert find_workspace(inner) == tmp_path
    assert find_workspace(tmp_path) == tmp_path


@pytest.mark.parametrize("url", ["https://charters.example.org", "http://127.0.0.1:8000/", "https://example.org/a/b"])
def test_a_public_address_is_taken(url: str, tmp_path: Path) -> None:
    write_settings(tmp_path, settings_text(name="ก", origin="o") + f'public_url = "{url}"\n')
    assert read_settings(tmp_path).public_url == url


@pytest.mark.parametrize(
    "url", ["charters.example.org", "https://a b", "ftp://example.org", "https://example.org/" + "a" * 60, ""]
)
def test_a_public_address_that_no_page_could_carry_is_refused(url: str, tmp_path: Path) -> None:
    write_settings(tmp_path, settings_text(name="ก", origin="o") + f'public_url = "{url}"\n')
    with pytest.raises(SettingsError, match="public_url"):
        read_settings(tmp_path)
