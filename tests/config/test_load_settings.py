"""Where settings come from, what wins, and what is said about a wrong one."""

from pathlib import Path

import pytest

from lms_box.config import Settings, find_config, load_settings
from lms_box.errors import Misconfigured


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def settings(home: Path, text: str = "", **environ: str) -> Settings:
    (home / "lms.toml").write_text(text, "utf-8")
    return load_settings(data_dir=home, environ=environ)


def test_no_file_at_all_is_a_good_configuration(home: Path) -> None:
    found = load_settings(data_dir=home, environ={})
    assert found.server.port == 8080
    assert found.database_url == f"sqlite:///{home / 'lms.db'}"


def test_the_environment_wins_over_the_file(home: Path) -> None:
    found = settings(home, "[server]\nport = 9000\nhost = '::1'\n", LMS_SERVER__PORT="9001")
    assert (found.server.port, found.server.host) == (9001, "::1")


def test_lists_in_the_environment_have_commas(home: Path) -> None:
    found = settings(home, LMS_SERVER__TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")
    assert found.server.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")


def test_a_ladder_goes_from_the_best_down(home: Path) -> None:
    assert settings(home).media.ladder == (1080, 720, 480)
    assert settings(home, LMS_MEDIA__LADDER="480, 1440,480").media.ladder == (1440, 480)
    for wrong in ("[]", "[90]", "['best']"):
        with pytest.raises(Misconfigured, match=r"\[media\] ladder"):
            settings(home, f"[media]\nladder = {wrong}\n")


def test_a_secret_comes_from_a_file(home: Path) -> None:
    (home / "key").write_text("k" * 40 + "\n", "utf-8")
    found = settings(home, f"[auth]\nsecret_key_file = '{home / 'key'}'\n")
    assert found.auth.secret_key is not None
    assert found.auth.secret_key.get_secret_value() == "k" * 40


def test_the_current_folder_configures_nothing(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lms.toml").write_text("[server]\nport = 1\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_settings(data_dir=home, environ={}).server.port == 8080


def test_the_named_file_wins_over_the_data_directory(home: Path, tmp_path: Path) -> None:
    (home / "lms.toml").write_text("", "utf-8")
    named, from_environment = tmp_path / "a.toml", tmp_path / "b.toml"
    named.touch()
    from_environment.touch()
    assert find_config(named, home, {"LMS_CONFIG": str(from_environment)}) == named
    assert find_config(None, home, {"LMS_CONFIG": str(from_environment)}) == from_environment
    assert find_config(None, home, {}) == home / "lms.toml"


@pytest.mark.parametrize(
    ("text", "environ", "words"),
    [
        ("[server]\nprot = 1\n", {}, ["lms.toml", "[server] prot is unknown", "host, port"]),
        ("[sevrer]\nport = 1\n", {}, ["lms.toml", "[sevrer] is unknown", "server, database"]),
        ("[server]\nport = 70000\n", {}, ["lms.toml", "[server] port", "65535", "70000"]),
        ("[auth]\nregistration = 'maybe'\n", {}, ["[auth] registration", "'closed' or 'open'"]),
        ("port = 1\n", {}, ["port stands outside a section"]),
        ("data_dir = '/x'\n", {}, ["--data-dir"]),
        ("[server\n", {}, ["is not valid TOML"]),
        ("", {"LMS_SERVER__PORT": "many"}, ["LMS_SERVER__PORT", "many"]),
        ("", {"LMS_SERVER__PROT": "1"}, ["LMS_SERVER__PROT is unknown", "host, port"]),
        ("", {"LMS_SEVRER__PORT": "1"}, ["LMS_SEVRER__PORT is unknown", "server, database"]),
        ("[storage]\nbackend = 's3'\nbucket = 'films'\n", {}, ["[storage]", "also needs access_key and secret_key"]),
        ("[storage]\nendpoint = 's3.example.org'\n", {}, ["[storage] endpoint", "s3.example.org"]),
        ("[auth]\nsecret_key_file = '/no/such/file'\n", {}, ["secret_key_file", "/no/such/file", "cannot be read"]),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(home: Path, text: str, environ: dict[str, str], words: list[str]) -> None:
    with pytest.raises(Misconfigured) as caught:
        settings(home, text, **environ)
    assert "\n" not in caught.value.detail
    assert [word for word in words if word not in caught.value.detail] == [], caught.value.detail


def test_a_wrong_secret_is_not_repeated(home: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        settings(home, "[auth]\nsecret_key = 'hunter2'\n")
    assert "secret_key" in caught.value.detail
    assert "hunter2" not in caught.value.detail


def test_a_missing_named_file_stops_the_start(home: Path) -> None:
    with pytest.raises(Misconfigured, match=r"no configuration file .*nowhere\.toml"):
        load_settings(config=home / "nowhere.toml", data_dir=home, environ={})
