"""How the connect pages look to end users: the logo and the colour, saved with one button."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import File, Form, Response, UploadFile

from wearable_gateway.developers import branding
from wearable_gateway.developers.branding import LARGEST_LOGO_BYTES, check_logo
from wearable_gateway.developers.colors import read_color
from wearable_gateway.developers.settings_repository import change_settings
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Managing
from wearable_gateway.web.dashboard.pages import go_to
from wearable_gateway.web.dashboard.settings.showing import settings_page
from wearable_gateway.web.deps import Svc

router = section("/{dev_id}/settings/branding")

_SETTING = "brand_color"
Text = Annotated[str, Form()]


@dataclass(slots=True)
class Look:
    """What was sent. `color` empty: the gateway's own; `logo` None: it stays as it is."""

    color: str
    logo: bytes | None
    problems: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.color:
            read = read_color(self.color)
            if read is None:
                self.problems[_SETTING] = "six hexadecimal digits behind #, such as #c2185b, or nothing"
            else:
                self.color = str(read)
        try:
            if self.logo is not None:
                check_logo(self.logo)
        except InvalidInputError as error:
            self.problems["logo"] = error.expected


@router.get("")
async def show_branding(here: Here) -> Response:
    """Where somebody lands whose session ended before they pressed the button."""
    return go_to(f"{here.home}/settings#branding")


@router.post("")
async def save_branding(
    svc: Svc,
    here: Managing,
    brand_color: Text = "",
    remove_logo: Text = "",
    logo_file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    given = await logo_file.read(LARGEST_LOGO_BYTES + 1) if logo_file and logo_file.filename else None
    look = Look(brand_color.strip(), given)
    if look.problems:
        return await settings_page(svc, here, color=look.color, branding_problems=look.problems)
    async with svc.db.transaction() as tx:
        if look.color:
            await change_settings(tx, here.dev_id, {_SETTING: look.color}, actor=here.actor)
        else:
            await change_settings(tx, here.dev_id, {}, [_SETTING], actor=here.actor)
        if look.logo is not None:
            await branding.set_logo(tx, here.dev_id, look.logo, actor=here.actor, now=svc.clock())
        elif remove_logo:
            await branding.remove_logo(tx, here.dev_id, actor=here.actor)
    return go_to(f"{here.home}/settings?saved=branding#branding")
