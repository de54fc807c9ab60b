"""The built web files; what carries a hash of its content in its name is kept for ever."""

import re

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.assets import DIST, FOREVER

_HASHED = re.compile(r"-[A-Z0-9]{8}\.[a-z0-9]+$")


class WebFiles(StaticFiles):
    """The folder `api/web/dist`; without a build there is nothing in it."""

    def __init__(self) -> None:
        super().__init__(directory=DIST, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER if _HASHED.search(path) else "no-cache"
        return response
