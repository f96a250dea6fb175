"""The door that shows admins the settings which count, with secrets hidden."""

from typing import Any

from lms_box import __version__
from lms_box.config import SECTIONS, Settings
from lms_box.http.messages import View
from lms_box.http.routing import Call, Needs, Route


class SettingView(View):
    name: str
    value: Any
    description: str
    is_default: bool


class SettingsSection(View):
    name: str
    settings: list[SettingView]


class SettingsView(View):
    version: str
    data_dir: str
    sections: list[SettingsSection]


async def show_settings(call: Call) -> SettingsView:
    """The settings that count now; a secret is written as stars."""
    settings = call.box.settings
    return SettingsView(version=__version__, data_dir=str(settings.data_dir), sections=_sections(settings))


def _sections(settings: Settings) -> list[SettingsSection]:
    shown = settings.model_dump(mode="json", exclude={"data_dir"})
    return [
        SettingsSection(
            name=name,
            settings=[
                SettingView(
                    name=key,
                    value=shown[name][key],
                    description=field.description or "",
                    is_default=getattr(getattr(settings, name), key) == field.default,
                )
                for key, field in section.model_fields.items()
            ],
        )
        for name, section in SECTIONS.items()
    ]


ROUTES = [Route(method="GET", path="/admin/settings", handler=show_settings, needs=Needs.ADMIN, returns=SettingsView)]
