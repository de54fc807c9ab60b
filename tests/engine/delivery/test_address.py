"""Letters go to public addresses over http and https, and to nothing else by a trick."""

import socket

import pytest

from engine.delivery.address import InvalidAddress, Place, is_public, place_of, reachable
from engine.delivery.deliverer import NotDelivered
from engine.delivery.signature import InvalidSecret, key_of, written_secret


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://vd.gov.vn/hook?x=1", Place(True, "vd.gov.vn", 443, "/hook?x=1")),
        ("http://vd.gov.vn:8080", Place(False, "vd.gov.vn", 8080, "/")),
        ("https://[2001:db8::1]/a", Place(True, "2001:db8::1", 443, "/a")),
    ],
)
def test_an_address_is_taken_apart(address, place):
    assert place_of(address) == place


@pytest.mark.parametrize(
    "address",
    [
        *("", "vd.gov.vn", "file:///etc/passwd", "ftp://vd.gov.vn", "gopher://vd.gov.vn"),
        *("https://", "https://an:mat-khau@vd.gov.vn/", "https://vd.gov.vn/a b"),
        *(
            "https://vd.gov.vn:99999/",
            "https://vd.gov.vn/\r\nX: 1",
            "https://vd.gov.vn/" + "a" * 2000,
        ),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address):
    with pytest.raises(InvalidAddress):
        place_of(address)


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *(
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
        ),
        *("::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "fe80::1%eth0"),
        *("fec0::1", "192.0.0.192"),  # of sites; of a cloud's own machines
    ],
)
def test_addresses_that_are_not_public_are_known_also_inside_of_others(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_known(ip):
    assert is_public(ip)


def test_a_name_that_leads_to_a_private_address_beside_a_public_one_is_refused(monkeypatch):
    def both(host, port, **_):
        return [(0, 0, 0, "", (ip, port)) for ip in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    place = place_of("https://vd.gov.vn/")
    with pytest.raises(NotDelivered, match="private network"):
        reachable(place, private=False)
    assert reachable(place, private=True) == "8.8.8.8"


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_YQ==", "abc", "whsec_" + "A" * 200, "whsec_á"]
)
def test_a_secret_that_is_too_short_or_too_long_or_no_base64_is_refused(secret):
    with pytest.raises(InvalidSecret):
        key_of(secret)


def test_a_secret_is_read_as_it_was_written():
    assert key_of(written_secret(bytes(range(32)))) == bytes(range(32))
