"""A visit to a page: who comes, in which language, and the form that came with it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from analysis.facts.facts import Facts
from analysis.facts.kept import KeptFacts
from api.identity import current_session, kept_facts_of, office_of, require_own_page
from api.judgement import Judgements, judgements_of
from api.upload_limit import brings_documents
from engine.accounts import Session
from engine.actor import Actor
from engine.clock import Clock
from engine.office import Office
from processes.errors import InvalidInput, Language, RuleError

LANGUAGE_COOKIE = "language"
_MOST_FIELDS = 2_000
_SENT_ALONG = ("csrf_token", "key", "seen", "part")


class BadId(InvalidInput):
    """An address with something that is no id."""

    code = "address.bad_id"
    vi = "Địa chỉ không đúng. Mở lại từ danh sách."
    en = "The address is not right. Open it again from the list."


@dataclass(frozen=True)
class Visit:
    """One request to a page: who, in which language, with which office at hand."""

    request: Request
    session: Session
    language: Language

    @property
    def actor(self) -> Actor:
        return self.session.actor

    @property
    def office(self) -> Office:
        return office_of(self.request)

    @property
    def clock(self) -> Clock:
        return self.office.clock

    @property
    def judgements(self) -> Judgements:
        return judgements_of(self.request)

    @property
    def kept_facts(self) -> KeptFacts:
        return kept_facts_of(self.request)

    def facts(self) -> Facts:
        """The facts of the visitor's agency, not older than a minute; whoever asks closes them."""
        return self.kept_facts.of(self.actor.agency_id, self.clock.now())

    def t(self, vi: str, en: str) -> str:
        """The text in the visitor's language."""
        return vi if self.language == "vi" else en

    def said(self, error: RuleError) -> str:
        return error.message(self.language)


def language_of(request: Request) -> Language:
    """Chosen before, else what the browser prefers, else Vietnamese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("vi", "en"):
        return "en" if chosen == "en" else "vi"
    preferred = request.headers.get("accept-language", "")[:2].lower()
    return "en" if preferred == "en" else "vi"


def visit(request: Request, session: Annotated[Session, Depends(current_session)]) -> Visit:
    """The visit of a logged-in officer; others are sent to the login page."""
    return Visit(request, session, language_of(request))


Visiting = Annotated[Visit, Depends(visit)]


@dataclass(frozen=True)
class Entered:
    """A posted form; without fields it is one that nobody has filled in yet."""

    fields: FormData = field(default_factory=FormData)

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name, default)
        return value if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        return [value for value in self.fields.getlist(name) if isinstance(value, str)]

    def starting(self, prefix: str) -> dict[str, str]:
        """Fields whose names begin so, by the rest of the name."""
        return {
            name[len(prefix) :]: value
            for name, value in self.fields.items()
            if name.startswith(prefix) and isinstance(value, str)
        }

    def all_texts(self) -> list[tuple[str, str]]:
        """Every field in its order, files left out."""
        return [(k, v) for k, v in self.fields.multi_items() if isinstance(v, str)]

    @property
    def key(self) -> str | None:
        """Pressed twice, done once: the form's own key."""
        return self.text("key") or None

    @property
    def seen(self) -> str | None:
        """The tag of the draft that the form was drawn from."""
        return self.text("seen") or None

    def stated(self) -> list[tuple[str, str]]:
        """What a person entered, in its order, less what the page sends along by itself."""
        return [each for each in self.all_texts() if each[0] not in _SENT_ALONG]

    def file(self, name: str) -> UploadFile | None:
        value = self.fields.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None


async def keep_form(request: Request) -> AsyncIterator[None]:
    """Read the form before anything is asked, so that a session that is over loses no entry."""
    if request.method not in ("POST", "PUT") or brings_documents(request.scope):
        yield
        return
    fields = await request.form(max_fields=_MOST_FIELDS)
    request.state.form = Entered(fields)
    try:
        yield
    finally:
        await fields.close()


def form_of(request: Request) -> Entered:
    """The form that came with the request, empty where there was none."""
    known: Entered | None = getattr(request.state, "form", None)
    return known or Entered()


def entered(request: Request, session: Annotated[Session, Depends(current_session)]) -> Entered:
    """The posted form, if it carries the session's token."""
    form = form_of(request)
    require_own_page(request, session, form.text("csrf_token"))
    return form


Posted = Annotated[Entered, Depends(entered)]


def id_of(text: str) -> UUID:
    """The id in an address."""
    try:
        return UUID(text)
    except ValueError:
        raise BadId from None
