"""The secret of a dossier: told once, kept as a hash, issued anew to who is recognised."""

import random
from dataclasses import replace

import pytest

from engine.delivery.round import Post, deliver_what_is_due
from engine.dossiers.receive import Contact
from engine.dossiers.refusals import ReasonNeeded
from engine.lookup.issuing import AlreadyIssued, Recognised, ToldBefore, WrongIdentity
from engine.lookup.looking import WrongLookup
from engine.store.tables import idempotency, journal, lookup_secret, outbox
from processes.errors import NotAllowed, NotFound
from processes.lookup_secret import SIGNS, new_secret, read_secret, shown_secret
from tests.engine.lookup.window import IDENTITY, Window
from tests.engine.offices import stranger


def chance(*pieces: bytes):
    """Randomness that was written down before."""
    given = iter(pieces)
    return lambda number: next(given)[:number]


def test_a_secret_comes_from_the_randomness_it_is_given(window):
    window.office.randomness = chance(bytes(range(16)), b"s" * 16)
    assert window.issue().secret == SIGNS[:8]


def test_every_sign_is_as_likely_as_the_others():
    """256 is no multiple of 29: bytes beyond 232 are drawn again."""
    assert (
        new_secret(chance(b"\xff" * 16, b"\xe8" * 15 + b"\xe7", bytes(16))) == SIGNS[-1] + "2" * 7
    )


@pytest.mark.parametrize("typed", ["k7qm3xva", " K7QM-3XVA ", "K7QM 3XVA", "k7qm–3xva"])
def test_a_secret_is_read_as_people_type_it(typed):
    assert read_secret(typed) == "K7QM3XVA"


def test_letters_that_look_like_digits_are_digits():
    assert read_secret("BSZ2-K7QM") == "8522K7QM"


@pytest.mark.parametrize("typed", ["", "K7QM", "K7QM3XVAA", "K7QM3XV0", "Ắ7QM3XVA", "x" * 9999])
def test_what_can_be_no_secret_is_none(typed):
    assert read_secret(typed) is None


def test_it_is_printed_in_two_groups():
    assert shown_secret("K7QM3XVA") == "K7QM-3XVA"


def test_nothing_that_is_stored_tells_it(window):
    secret = window.issue(key="k").secret
    for table in (lookup_secret, journal, idempotency):
        for row in window.ward.stored(table):
            assert secret not in str(tuple(row))
            assert secret.encode() not in b"".join(v for v in row if isinstance(v, bytes))
    assert window.event().kind == "lookup.issued"
    assert window.event().body == {"again": False, "sent": []}


def test_it_opens_the_dossier_and_another_one_does_not(window):
    window.issue()
    assert window.look().view.code == window.outcome.code
    with pytest.raises(WrongLookup):
        window.look(secret="22222222")


def test_it_is_told_once(window):
    window.issue(key="k")
    with pytest.raises(ToldBefore):
        window.issue(key="k")
    assert window.look().view.code == window.outcome.code


def test_who_lost_the_slip_shows_the_identity_card_and_the_old_secret_is_void(window):
    old = window.issue().secret
    with pytest.raises(AlreadyIssued):
        window.issue()
    with pytest.raises(WrongIdentity):
        window.issue(Recognised(identity_number="079089000129"))
    token = window.look().token
    window.issue(Recognised(identity_number=" 0790 8900 0128"))
    assert window.event().body["again"] is True
    assert window.look().view.code == window.outcome.code
    with pytest.raises(WrongLookup):
        window.look(secret=old)
    window.ask()
    with pytest.raises(NotAllowed):
        window.send(token=token)


def test_without_an_identity_number_the_clerk_says_how_the_person_was_recognised(
    sqlite_ward, tmp_path
):
    window = Window(sqlite_ward, tmp_path, Contact())
    window.issue()
    with pytest.raises(ReasonNeeded):
        window.issue(Recognised())
    words = "Có giấy giới thiệu của công ty, đúng người ký đơn"
    window.issue(Recognised(words=words))
    assert window.event().body["reason"] == words


def test_only_who_has_to_do_with_the_dossier_issues_it(sqlite_window):
    window = sqlite_window
    outsider = next(
        each
        for each in window.ward.actors.values()
        if "head" not in each.roles and not {"chuyen_vien"} & {p for _, p in each.holdings}
    )
    for actor in (outsider, stranger(window.officer), replace(outsider, holdings=frozenset())):
        window.officer = actor
        with pytest.raises((NotAllowed, NotFound)):
            window.issue()


def test_it_goes_to_the_citizens_own_address_and_nothing_of_it_stays_when_it_has_gone(
    ward, tmp_path
):
    window = Window(ward, tmp_path, Contact(identity_number=IDENTITY, email="hoa@example.vn"))
    made = window.issue()
    assert made.sent == ("email",)
    (letter,) = window.ward.stored(outbox)
    assert shown_secret(made.secret) in letter.body
    assert letter.destination == "hoa@example.vn"
    assert f"/tra-cuu?ma={window.outcome.code}" in letter.body


def test_a_letter_that_has_gone_tells_the_secret_no_more(sqlite_ward, tmp_path):
    contact = Contact(identity_number=IDENTITY, email="hoa@example.vn")
    window = Window(sqlite_ward, tmp_path, contact)
    said, secret = [], shown_secret(window.issue().secret)

    def deliver(letter, _at):
        said.append(letter.body)
        return "250 OK"

    post = Post(window.office, {"email": deliver}, random.Random(1).random)
    assert deliver_what_is_due(post) == 1
    assert secret in said[0]
    (letter,) = window.ward.stored(outbox)
    assert secret not in letter.body
    assert letter.done_at is not None
