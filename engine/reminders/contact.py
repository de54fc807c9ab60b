"""How an officer is reached outside of the product: e-mail address and telephone number."""

import re

from sqlalchemy import update

from engine.actor import Actor, Role
from engine.office import Office
from engine.store.database import Transaction
from engine.store.tables import account
from processes.errors import InvalidInput, NotFound

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+?[0-9]{8,15}")
_LONGEST = 200


class InvalidContact(InvalidInput):
    """An e-mail address or a telephone number that is none."""

    code = "officer.invalid_contact"
    vi = (
        "“{given}” không phải địa chỉ thư điện tử hay số điện thoại. Ghi dạng a@b.vn, +84901234567."
    )
    en = "'{given}' is no e-mail address or telephone number. Write a@b.vn, +84901234567."


def set_contact(
    office: Office, actor: Actor, login: str, email: str | None = None, phone: str | None = None
) -> None:
    """Change what is given; "" takes it away. Errors: NotAllowed, InvalidContact, NotFound."""
    actor.require(Role.ADMIN, who="quản trị / administrators")
    stated = {"email": (email, _EMAIL), "phone": (phone, _PHONE)}
    columns = {}
    for name, (given, form) in stated.items():
        if given is None:
            continue
        if given and (len(given) > _LONGEST or form.fullmatch(given) is None):
            raise InvalidContact(given=given[:_LONGEST])
        columns[name] = given
    this = account.c.agency_id == actor.agency_id, account.c.login == login

    def change(transaction: Transaction) -> None:
        changes = columns or {"login": login}
        if not transaction.execute(update(account).where(*this).values(changes)).rowcount:
            raise NotFound(what=login)

    office.database.write(change)
