"""A person's due steps for their calendar program: whoever knows the secret reads it."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.identity import TheOffice
from engine.reminders.calendar_feed import feed

router = APIRouter()


@router.get("/ical/{secret}.ics", name="calendar_feed")
def calendar_feed(office: TheOffice, secret: str) -> Response:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(feed(office, secret), media_type="text/calendar", headers=headers)
