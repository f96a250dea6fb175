"""The doors for people: signing in and out, one's own account, and everybody's for admins."""

from collections.abc import Mapping
from uuid import UUID

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts import links, passwords, pictures, service, sign_in
from lms_box.accounts.export import Exporter, export_user
from lms_box.accounts.messages import (
    DeviceView,
    ExportView,
    LinkDraft,
    LinkSpending,
    LinkView,
    MeChanges,
    PasswordChange,
    RefreshDraft,
    Registration,
    SessionView,
    SignInDraft,
    SignInView,
    SignOutQuery,
    TokenPair,
    UserChanges,
    UserDraft,
    UserQuery,
    UserView,
    user_view,
)
from lms_box.accounts.sign_in import Attempt, Claimed, Keys, Pair, SignIn
from lms_box.accounts.tables import User
from lms_box.accounts.tokens import read_access
from lms_box.config import Settings
from lms_box.db.base import now
from lms_box.errors import Conflict, Forbidden, Invalid, SignedOut
from lms_box.http.headers import legible
from lms_box.http.messages import NoFields
from lms_box.http.multipart import receive_file
from lms_box.http.routing import Answer, Call, Needs, Page, Route
from lms_box.http.sessions import address_of, credentials_of, is_secure, session_cookie

SECONDS_A_DAY = 86_400
REGISTERING = "registering"
"""Counted apart from the account's own sign-ins: those must not be stopped by somebody else who registers."""
EXPORTERS: web.AppKey[Mapping[str, Exporter]] = web.AppKey("exporters")
"""The parts of the rooms above in what people take along; the composition fills it."""


async def register(call: Call, *, body: Registration) -> UserView:
    """Makes an account, where registration is open.

    That an address is taken has to be said, after the same work; each such answer counts as a failed sign-in from where it
    was asked, so that nobody goes through a list of addresses.
    """
    if call.box.settings.auth.registration != "open":
        raise Forbidden("Accounts are made by an admin here. Please ask for one.", code="registration_closed")
    attempt, limits = _attempt(call, f"{REGISTERING} {body.email}"), call.box.settings.limits
    await call.box.db.glance(sign_in.refuse_throttled, attempt, limits)
    password = passwords.checked_password(body.password, email=body.email)
    password_hash = await passwords.hash_password(password)
    try:
        async with call.box.db.writing() as session:
            user = await service.add_user(session, email=body.email, name=body.name, password_hash=password_hash)
    except Conflict:
        async with call.box.db.writing() as session:
            await sign_in.note_failure(session, attempt=attempt)
        raise
    return user_view(user)


async def begin_sign_in(call: Call, *, body: SignInDraft) -> Answer:
    """Signs in with address and password.

    Known or not, the same is done and said: the throttle, one hash, one note of the failure.
    """
    attempt, limits = _attempt(call, body.email), call.box.settings.limits
    claimed = await call.box.db.glance(sign_in.begin_attempt, attempt, limits)
    is_right = await passwords.is_password(body.password, stored=claimed.password_hash if claimed else None)
    async with call.box.db.writing() as session:
        user = await sign_in.settle_attempt(session, attempt=attempt, claimed=claimed, is_right=is_right, limits=limits)
        opened = await _open(session, call, user) if user else None
    if opened is None:
        raise SignedOut("That e-mail and password do not belong together. Have another look?", code="wrong_credentials")
    return _signed_in(call, opened)


async def refresh_sign_in(call: Call, *, body: RefreshDraft) -> Answer:
    """Gives the next pair of tokens for a refresh token, which is spent by it."""
    async with call.box.db.writing() as session:
        pair = await sign_in.refresh(session, token=body.refresh_token, keys=_keys(call))
    if pair is None:
        raise SignedOut("This refresh token is not valid any more. Please sign in again.", code="invalid_token")
    return Answer(_pair_view(call, pair))


async def spend_link(call: Call, *, body: LinkSpending) -> Answer:
    """Spends a one-time link: signs in, sets a password, or makes the first admin."""
    async with call.box.db.reading() as session:
        purpose, owner = await links.get_link(session, token=body.token)
    password_hash = await _password_for(purpose, owner, body)
    async with call.box.db.writing() as session:
        if purpose == "first-admin":
            assert body.email is not None
            assert password_hash is not None
            user = await links.add_first_admin(
                session, token=body.token, email=body.email, name=body.name, password_hash=password_hash
            )
        else:
            user = await links.spend_link(session, token=body.token, password_hash=password_hash)
        opened = await _open(session, call, user)
    return _signed_in(call, opened)


async def _password_for(purpose: links.Purpose, owner: User | None, body: LinkSpending) -> str | None:
    """The new password's hash, for links that set one; raises Invalid for what is missing or refused."""
    if purpose == "sign-in":
        return None
    email = owner.email if owner else body.email
    missing = [name for name, value in (("email", email), ("password", body.password)) if value is None]
    if email is None or body.password is None:
        fields = tuple((name, "missing", "is needed here") for name in missing)
        raise Invalid(f"Please fill in {' and '.join(missing)}.", fields=fields)
    return await passwords.hash_password(passwords.checked_password(body.password, email=email))


async def show_session(call: Call) -> Answer:
    """Who is signed in, if anybody; lets the browser keep its cookie for as long again as the box keeps the session."""
    credentials = credentials_of(call.request)
    by_cookie = credentials is not None and credentials.kind == "cookie"
    if call.viewer is None:
        return Answer(SessionView(user=None), headers=_cookie(call, None) if by_cookie else None)
    async with call.box.db.reading() as session:
        user = await service.get_user(session, user_id=call.me.id)
    headers = _cookie(call, credentials.token) if credentials and by_cookie else None
    return Answer(SessionView(user=user_view(user)), headers=headers)


async def end_sign_in(call: Call, *, query: SignOutQuery) -> Answer:
    """Signs out this device, or every one."""
    async with call.box.db.writing() as session:
        if query.everywhere:
            await sign_in.sign_out_everywhere(session, user_id=call.me.id)
        elif family := await _family_of(session, call):
            await sign_in.end_family(session, family=family)
    return Answer(headers=_cookie(call, None))


async def show_me(call: Call) -> UserView:
    """Who I am."""
    async with call.box.db.reading() as session:
        return user_view(await service.get_user(session, user_id=call.me.id))


async def list_devices(call: Call) -> list[DeviceView]:
    """The browsers that I am signed in with, the last seen first."""
    async with call.box.db.reading() as session:
        rows = await sign_in.open_sessions(session, user_id=call.me.id)
        here = await _family_of(session, call)
    return [DeviceView(**SignInView.model_validate(row).model_dump(), is_this=row.family == here) for row in rows]


async def change_me(call: Call, *, body: MeChanges) -> UserView:
    """Changes my name."""
    async with call.box.db.writing() as session:
        return user_view(await service.change_user(session, user_id=call.me.id, name=body.name))


async def remove_me(call: Call) -> Answer:
    """Removes my account with all that is mine alone."""
    async with call.box.db.writing() as session:
        user = await service.remove_user(session, user_id=call.me.id)
        pictures.forget_picture(session, call.box, user=user)
    return Answer(headers=_cookie(call, None))


async def change_my_picture(call: Call) -> UserView:
    """Sets my picture: multipart, the picture in the part `file`; it becomes a small WebP."""
    with call.box.storage.scratch(call.box.owner.name) as folder:
        source = await receive_file(call.request, into=folder, most=pictures.MOST_BYTES)
        key = await pictures.keep_picture(call.box, source=source, folder=folder)
    async with call.box.db.writing() as session:
        return user_view(await pictures.change_picture(session, call.box, user_id=call.me.id, key=key))


async def remove_my_picture(call: Call) -> None:
    """Removes my picture."""
    async with call.box.db.writing() as session:
        await pictures.change_picture(session, call.box, user_id=call.me.id, key=None)


async def export_me(call: Call) -> Answer:
    """All that the box keeps about me."""
    exporters = call.request.app.get(EXPORTERS, {})
    async with call.box.db.reading() as session:
        view = await export_user(session, user_id=call.me.id, exporters=exporters)
    return Answer(view, headers={"Content-Disposition": 'attachment; filename="my-data.json"'})


async def change_own_password(call: Call, *, body: PasswordChange) -> Answer:
    """Changes my password: every other device is signed out, this one gets what it needs to stay."""
    limits = call.box.settings.limits
    async with call.box.db.reading() as session:
        me = await service.get_user(session, user_id=call.me.id)
    attempt, claimed = _attempt(call, me.email), Claimed(me.id, me.password_hash)
    await call.box.db.glance(sign_in.refuse_throttled, attempt, limits)
    password = passwords.checked_password(body.new_password, email=me.email, field="new_password")
    has_none = me.password_hash is None
    is_right = has_none or await passwords.is_password(body.current_password or "", stored=me.password_hash)
    password_hash = await passwords.hash_password(password)
    async with call.box.db.writing() as session:
        user = await sign_in.settle_attempt(session, attempt=attempt, claimed=claimed, is_right=is_right, limits=limits)
        if user is not None:
            await service.change_password(session, user=user, password_hash=password_hash)
        opened = await _open(session, call, user) if user else None
    if opened is None:
        words = "This is not your password so far."
        raise Invalid(words, code="wrong_password", fields=(("current_password", "wrong", words),))
    return _signed_in(call, opened)


async def list_users(call: Call, *, query: UserQuery) -> Page:
    """Everybody, page by page."""
    async with call.box.db.reading() as session:
        users, total = await service.list_users(session, **query.model_dump())
    return Page([user_view(user) for user in users], total, query.skip, query.limit)


async def add_user(call: Call, *, body: UserDraft) -> UserView:
    """Adds a person."""
    password_hash = None
    if body.password is not None:
        password_hash = await passwords.hash_password(passwords.checked_password(body.password, email=body.email))
    async with call.box.db.writing() as session:
        return user_view(
            await service.add_user(session, email=body.email, name=body.name, role=body.role, password_hash=password_hash)
        )


async def show_user(call: Call) -> UserView:
    """One person."""
    async with call.box.db.reading() as session:
        return user_view(await service.get_user(session, user_id=call.id_of("id")))


async def change_user(call: Call, *, body: UserChanges) -> UserView:
    """Changes a person; closing the account takes effect at once."""
    async with call.box.db.writing() as session:
        return user_view(await service.change_user(session, user_id=call.id_of("id"), **body.model_dump()))


async def remove_user(call: Call) -> None:
    """Removes a person; the courses they made stay."""
    async with call.box.db.writing() as session:
        user = await service.remove_user(session, user_id=call.id_of("id"))
        pictures.forget_picture(session, call.box, user=user)


async def add_user_link(call: Call, *, body: LinkDraft) -> LinkView:
    """Makes a one-time link for an admin to hand on: the person signs in with it, or sets a password."""
    async with call.box.db.writing() as session:
        user = await service.get_user(session, user_id=call.id_of("id"))
        link = await links.make_link(session, user_id=user.id, purpose=body.purpose)
    return LinkView(url=link.address(call.box.settings), expires_at=link.expires_at)


def _attempt(call: Call, email: str) -> Attempt:
    return Attempt(email, address_of(call.request, call.box.settings))


def _keys(call: Call) -> Keys:
    return Keys(call.box.secret, call.box.settings.auth)


async def _open(session: AsyncSession, call: Call, user: User) -> SignIn:
    device = legible(call.request.headers.get("User-Agent", ""))
    return await sign_in.open_sign_in(session, user=user, device=device, keys=_keys(call))


async def _family_of(session: AsyncSession, call: Call) -> UUID | None:
    """The sign-in that this request was made with."""
    credentials = credentials_of(call.request)
    if credentials is None:
        return None
    if credentials.kind == "cookie":
        return await sign_in.find_family(session, session_token=credentials.token)
    access = read_access(credentials.token, secret=call.box.secret, at=now().timestamp())
    return access.family if access else None


def _signed_in(call: Call, opened: SignIn) -> Answer:
    return Answer(_pair_view(call, opened.pair), headers=_cookie(call, opened.session_token))


def _pair_view(call: Call, pair: Pair) -> TokenPair:
    seconds = call.box.settings.auth.access_minutes * 60
    return TokenPair(access_token=pair.access_token, refresh_token=pair.refresh_token, expires_in=seconds)


def _cookie(call: Call, token: str | None) -> dict[str, str]:
    """Sets the session's cookie, or removes it."""
    settings = call.box.settings
    seconds = settings.auth.refresh_days * SECONDS_A_DAY if token else 0
    return {"Set-Cookie": session_cookie(token or "", seconds=seconds, secure=is_secure(call.request, settings))}


def _picture_bytes(_settings: Settings) -> int:
    return pictures.MOST_BYTES


ANYONE, ADMIN = Needs.NOBODY, Needs.ADMIN
ROUTES = (
    Route(
        method="POST",
        path="/auth/register",
        handler=register,
        needs=ANYONE,
        body=Registration,
        returns=UserView,
        status=201,
    ),
    Route(
        method="POST",
        path="/auth/login",
        handler=begin_sign_in,
        needs=ANYONE,
        body=SignInDraft,
        returns=TokenPair,
        counted=False,
    ),
    Route(method="POST", path="/auth/refresh", handler=refresh_sign_in, needs=ANYONE, body=RefreshDraft, returns=TokenPair),
    Route(method="POST", path="/auth/link", handler=spend_link, needs=ANYONE, body=LinkSpending, returns=TokenPair),
    Route(method="GET", path="/auth/session", handler=show_session, needs=ANYONE, returns=SessionView),
    Route(method="POST", path="/auth/logout", handler=end_sign_in, query=SignOutQuery, status=204),
    Route(method="GET", path="/auth/me", handler=show_me, returns=UserView),
    Route(method="GET", path="/auth/me/devices", handler=list_devices, returns=list[DeviceView]),
    Route(method="PATCH", path="/auth/me", handler=change_me, body=MeChanges, returns=UserView),
    Route(method="DELETE", path="/auth/me", handler=remove_me, status=204),
    Route(method="GET", path="/auth/me/export", handler=export_me, returns=ExportView),
    Route(
        method="PUT", path="/auth/me/picture", handler=change_my_picture, takes=_picture_bytes, form=NoFields, returns=UserView
    ),
    Route(method="DELETE", path="/auth/me/picture", handler=remove_my_picture, status=204),
    Route(method="POST", path="/auth/password", handler=change_own_password, body=PasswordChange, returns=TokenPair),
    Route(method="GET", path="/users", handler=list_users, needs=ADMIN, query=UserQuery, returns=list[UserView]),
    Route(method="POST", path="/users", handler=add_user, needs=ADMIN, body=UserDraft, returns=UserView, status=201),
    Route(method="GET", path="/users/{id}", handler=show_user, needs=ADMIN, returns=UserView),
    Route(method="PATCH", path="/users/{id}", handler=change_user, needs=ADMIN, body=UserChanges, returns=UserView),
    Route(method="DELETE", path="/users/{id}", handler=remove_user, needs=ADMIN, status=204),
    Route(
        method="POST",
        path="/users/{id}/link",
        handler=add_user_link,
        needs=ADMIN,
        body=LinkDraft,
        returns=LinkView,
        status=201,
    ),
)
