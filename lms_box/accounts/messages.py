"""What crosses the wire about people and their sign-ins."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from lms_box.accounts.emails import tidy_email
from lms_box.accounts.passwords import LONGEST, SHORTEST
from lms_box.accounts.tables import User
from lms_box.http.messages import Line, Message, Moment, OptionalLine, View
from lms_box.viewer import Role

# Only a bound for what is read; the rules for a new password say more, in their own words.
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
NewPassword = Annotated[Password, Field(json_schema_extra={"minLength": SHORTEST, "maxLength": LONGEST})]
Email = Annotated[
    str, StringConstraints(max_length=1024), AfterValidator(tidy_email), Field(json_schema_extra={"format": "email"})
]
Token = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class UserView(View):
    id: UUID
    email: str
    name: str
    role: Role
    picture_url: str | None
    is_active: bool
    created_at: Moment


def user_view(user: User) -> UserView:
    return UserView(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        picture_url=f"/media/{user.picture_key}" if user.picture_key else None,
        is_active=user.is_active,
        created_at=user.created_at,
    )


class SessionView(View):
    user: UserView | None


class TokenPair(View):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 -- a word of OAuth, no secret
    expires_in: int = Field(description="Seconds that the access token lives.")


class SignInView(View):
    """One browser that somebody is signed in with."""

    device: str
    created_at: Moment
    seen_at: Moment
    expires_at: Moment


class DeviceView(SignInView):
    is_this: bool = Field(description="true: the request came from this one.")


class ExportView(View):
    """One's own data; beside this, each room's part under its name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    user: UserView
    sign_ins: list[SignInView]


class LinkView(View):
    url: str
    expires_at: Moment


class Registration(Message):
    email: Email
    password: NewPassword
    name: OptionalLine = ""


class SignInDraft(Message):
    """The address is taken as it is typed: what is no address is as wrong as one that nobody has."""

    email: OptionalLine
    password: Password


class RefreshDraft(Message):
    refresh_token: Token


class LinkSpending(Message):
    """`password` for a link that sets one; `email`, `password` and `name` for the first admin's."""

    token: Token
    password: NewPassword | None = None
    name: OptionalLine = ""
    email: Email | None = None


class SignOutQuery(Message):
    everywhere: bool = Field(False, description="true: on every device.")


class MeChanges(Message):
    name: Line | None = None


class PasswordChange(Message):
    current_password: Password | None = Field(None, description="Left out by those who never had one.")
    new_password: NewPassword


class UserQuery(Message):
    skip: int = Field(0, ge=0, le=1_000_000_000)
    limit: int = Field(20, ge=1, le=100)
    q: OptionalLine = Field("", description="In the name or the address.")
    role: Role | None = None
    is_active: bool | None = None
    sort: Literal["name", "email", "newest"] = "name"


class UserDraft(Message):
    """Without a password, nobody can sign in until a link has been made (POST /users/{id}/link)."""

    email: Email
    name: OptionalLine = ""
    role: Role = "user"
    password: NewPassword | None = None


class UserChanges(Message):
    """What is left out stays as it is."""

    email: Email | None = None
    name: Line | None = None
    role: Role | None = None
    is_active: bool | None = None


class LinkDraft(Message):
    purpose: Literal["sign-in", "set-password"] = "set-password"
