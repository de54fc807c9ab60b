"""Logging in and out; who am I."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from api.identity import (
    begin_session,
    clear_session_cookie,
    current_actor,
    current_session,
    end_session,
    require_own_origin,
    set_session_cookie,
    settings_of,
)
from api.rest.bodies import Body
from engine.accounts import Session
from engine.actor import Role

router = APIRouter(tags=["login"])


class Login(Body):
    """Who wants in."""

    login: Annotated[str, Field(min_length=1, max_length=80)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]


class Holding(BaseModel):
    """A position held in a unit, by their codes."""

    unit: str
    position: str


class Me(BaseModel):
    """The officer of a session.

    csrf_token: goes into the header X-CSRF-Token of changes that are sent with the cookie.
    """

    model_config = ConfigDict(extra="forbid")

    account_id: UUID
    login: str
    name: str
    agency_id: str
    roles: list[Role]
    holdings: list[Holding]
    csrf_token: str


class LoggedIn(BaseModel):
    """`token` for `Authorization: Bearer`; browsers have it as a cookie too."""

    model_config = ConfigDict(extra="forbid")

    token: str
    officer: Me


@router.post("/login", summary="Đăng nhập / log in")
def post_login(body: Login, request: Request, response: Response) -> LoggedIn:
    """Open a session of 12 hours. Five wrong passwords rest the account for five minutes."""
    require_own_origin(request)
    token, session = begin_session(request, body.login, body.password)
    set_session_cookie(response, settings_of(request), token)
    return LoggedIn(token=token, officer=_me(session))


@router.post(
    "/logout",
    summary="Đăng xuất / log out",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[Depends(current_actor)],
)
def post_logout(request: Request, response: Response) -> None:
    """End the session at once, everywhere."""
    end_session(request)
    clear_session_cookie(response, settings_of(request))


@router.get("/me", summary="Tôi là ai / who am I")
def get_me(session: Annotated[Session, Depends(current_session)]) -> Me:
    """The officer of the session, with roles and the positions held now."""
    return _me(session)


def _me(session: Session) -> Me:
    actor = session.actor
    return Me(
        account_id=actor.account_id,
        login=session.login,
        name=actor.name,
        agency_id=actor.agency_id,
        roles=sorted(actor.roles),
        holdings=[Holding(unit=u, position=p) for u, p in sorted(actor.holdings)],
        csrf_token=session.csrf_token,
    )
