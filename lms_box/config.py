"""Settings: declared, described and typed in one place; read from lms.toml and the environment."""

import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast, get_args, get_origin

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo

from lms_box.errors import Misconfigured

SYSTEM_CONFIG = Path("/etc/lms-box/lms.toml")


def is_secret(field: FieldInfo) -> bool:
    return field.annotation is SecretStr or SecretStr in get_args(field.annotation)


def _read_secret(name: str, path: Any) -> str:
    try:
        return Path(str(path)).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{name}_file: {path} cannot be read: {error}.") from None


class Section(BaseModel):
    """A table of lms.toml. A secret may also be given as `NAME_file`, the path of a file that holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        found = dict(values)
        for name, field in cls.model_fields.items():
            if is_secret(field) and (path := found.pop(f"{name}_file", None)) is not None:
                found[name] = _read_secret(name, path)
        return found


class Server(Section):
    host: str = Field("127.0.0.1", description="The address to listen on; 0.0.0.0 means every one of this machine's.")
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on; 0 takes any free one.")
    workers: int = Field(1, ge=1, le=64, description="How many processes answer requests; one is enough for thousands.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="How browsers reach the box, without a path. Needed behind a proxy; https:// turns on Secure cookies.",
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        """Refused at the start; a request that finds out would only be answered with 500."""
        for proxy in proxies:
            ip_network(proxy, strict=False)
        return proxies

    cors_origins: tuple[Annotated[str, Field(pattern=r"^https?://[^/\s]+$")], ...] = Field(
        (), description="Other sites, as https://HOST, whose pages may use the API with a token."
    )


class DatabaseSettings(Section):
    url: SecretStr | None = Field(
        None,
        description="sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; left out: lms.db in the data directory.",
    )


class Storage(Section):
    backend: Literal["local", "s3"] = Field(
        "local", description="Where media lie: local is the folder media/ in the data directory, s3 a bucket elsewhere."
    )
    endpoint: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="S3: the address of the store, for the box and for browsers; left out: Amazon's in the region.",
    )
    bucket: str | None = Field(None, pattern=r"^[^/\s]+$", description="S3: the bucket that is the box's own.")
    region: str = Field("us-east-1", min_length=1, description="S3: the region of the bucket.")
    access_key: str | None = Field(None, description="S3: the name of the key.")
    secret_key: SecretStr | None = Field(None, description="S3: the key itself.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#]*[^\s?#/]$",
        description="S3: a CDN that hands out the bucket, unsigned, as ADDRESS/KEY; left out: browsers get signed addresses.",
    )

    @model_validator(mode="after")
    def _names_a_bucket(self) -> Self:
        missing = [name for name in ("bucket", "access_key", "secret_key") if getattr(self, name) is None]
        if self.backend == "s3" and missing:
            raise Misconfigured(f'[storage] backend = "s3" also needs {" and ".join(missing)}.')
        return self

    @property
    def store(self) -> str:
        """The address of the S3 store."""
        return self.endpoint or f"https://s3.{self.region}.amazonaws.com"


class Site(Section):
    name: str = Field("lms_box", min_length=1, max_length=80, description="The name over the pages.")
    public_catalogue: bool = Field(True, description="false: everything asks for a sign-in, the catalogue too.")


class Auth(Section):
    registration: Literal["closed", "open"] = Field("closed", description="open: anybody may make an account.")
    access_minutes: int = Field(15, ge=1, le=1440, description="How long an API client's access token lives.")
    refresh_days: int = Field(7, ge=1, le=365, description="How long a sign-in lives without being used.")
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Signs tokens and links; left out: made at the first start and kept in the data directory, mode 600.",
    )


class Limits(Section):
    enabled: bool = Field(True, description="false: no rate limits; for a box behind something that has its own.")
    requests_per_minute: int = Field(100, ge=1, description="For each person and kind of request.")
    sign_in_failures_per_account: int = Field(10, ge=1, description="In 15 minutes, then the account has to wait.")
    sign_in_failures_per_address: int = Field(100, ge=1, description="In 15 minutes; a school may share one address.")
    upload_bytes: int = Field(2 * 1024**3, ge=1024, description="The largest file that may be uploaded.")


class Media(Section):
    jobs: int = Field(1, ge=1, le=64, description="How many files are worked on at a time.")
    ladder: tuple[Annotated[int, Field(ge=144, le=2160)], ...] = Field(
        (1080, 720, 480),
        min_length=1,
        max_length=8,
        description="The qualities that films are made in, by their short side in pixels; never above the film itself.",
    )

    @field_validator("ladder")
    @classmethod
    def _best_first(cls, sides: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(sides), reverse=True))

    encoder: Literal["libx264", "h264_nvenc", "h264_qsv", "h264_videotoolbox"] = Field(
        "libx264", description="What encodes films; where it fails, libx264 does."
    )
    preset: Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"] = Field(
        "veryfast", description="x264's preset: slower makes smaller files."
    )


class Library(Section):
    folders: tuple[Path, ...] = Field(
        (), description="Folders of courses; while the box serves, what changes in them is imported when it is at rest."
    )


class Settings(Section):
    """Everything that can be configured. `data_dir` comes from the command line or LMS_DATA_DIR, never from a file."""

    data_dir: Annotated[Path, Field(exclude=True)]
    server: Server = Server()
    database: DatabaseSettings = DatabaseSettings()
    storage: Storage = Storage()
    site: Site = Site()
    auth: Auth = Auth()
    limits: Limits = Limits()
    media: Media = Media()
    library: Library = Library()

    @property
    def database_url(self) -> str:
        if self.database.url is not None:
            return self.database.url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'lms.db'}"


SECTIONS = {name: cast("type[Section]", f.annotation) for name, f in Settings.model_fields.items() if name != "data_dir"}


def load_settings(
    *, config: Path | None = None, data_dir: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Read the settings; raises Misconfigured with the file, the key and what is allowed."""
    chosen_dir = data_dir or Path(environ.get("LMS_DATA_DIR") or user_data_path("lms-box"))
    folder = Path(os.path.abspath(chosen_dir.expanduser()))  # noqa: PTH100 -- resolve() would follow links the owner chose
    source = find_config(config, folder, environ)
    values = _read_toml(source) if source else {}
    for name, keys in _read_environment(environ).items():
        values.setdefault(name, {}).update(keys)
    try:
        return Settings.model_validate({**values, "data_dir": folder})
    except ValidationError as error:
        raise Misconfigured(_explain(error, source, environ)) from None


def find_config(config: Path | None, data_dir: Path, environ: Mapping[str, str]) -> Path | None:
    """The configuration file that counts. Never one of the current folder: a downloaded course must not configure the box."""
    named = config or (Path(environ["LMS_CONFIG"]) if environ.get("LMS_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise Misconfigured(f"There is no configuration file {named}.")
        return named
    return next((path for path in (data_dir / "lms.toml", SYSTEM_CONFIG) if path.is_file()), None)


def _read_toml(path: Path) -> dict[str, dict[str, Any]]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{path} is not valid TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} cannot be read: {error}.") from None
    if "data_dir" in values:
        raise Misconfigured(f"{path}: data_dir is not a setting; use --data-dir or LMS_DATA_DIR.")
    for name, value in values.items():
        if not isinstance(value, dict):
            raise Misconfigured(f"{path}: {name} stands outside a section; sections are {_listed(SECTIONS)}.")
    return values


def _read_environment(environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for variable, text in environ.items():
        section, separator, key = variable.removeprefix("LMS_").lower().partition("__")
        if variable.startswith("LMS_") and separator:
            found.setdefault(section, {})[key] = _split(text) if _is_list(section, key) else text
    return found


def _is_list(section: str, key: str) -> bool:
    fields = SECTIONS[section].model_fields if section in SECTIONS else {}
    return key in fields and get_origin(fields[key].annotation) is tuple


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _explain(error: ValidationError, source: Path | None, environ: Mapping[str, str]) -> str:
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    section, key = path[0], ".".join(path[1:2])
    origin = _variable_of(section, key, environ) or f"{source or 'settings'}: [{section}] {key}".rstrip()
    if first["type"] != "extra_forbidden":
        return (
            f"{origin}: {first['msg']} (given: {first['input']!r})."
            if not _hides(section, key)
            else f"{origin}: {first['msg']}."
        )
    allowed = SECTIONS[section].model_fields if key and section in SECTIONS else SECTIONS
    return f"{origin} is unknown; allowed are {_listed(allowed)}."


def _variable_of(section: str, key: str, environ: Mapping[str, str]) -> str | None:
    """The one that said it; of a section that there is not, the first one for it."""
    wanted = f"LMS_{section}__{key}".upper()
    return next((name for name in environ if name.upper() == wanted or (not key and name.upper().startswith(wanted))), None)


def _hides(section: str, key: str) -> bool:
    fields = SECTIONS[section].model_fields if section in SECTIONS else {}
    return key in fields and is_secret(fields[key])


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names)
