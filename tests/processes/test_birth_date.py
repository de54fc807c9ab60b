"""Nobody was born tomorrow; other dates may lie ahead."""

from datetime import date

import pytest

from processes.birth_date import BornInFuture, asks_for_birth, require_born
from processes.data_field import DataField, FieldType

TODAY = date(2026, 3, 2)


def day(name):
    return DataField("d", name, FieldType.DATE)


@pytest.mark.parametrize(
    "name", ["Ngày sinh", "Ngày sinh của trẻ", "Ngày, tháng, năm sinh", "NGÀY SINH bên nữ"]
)
def test_a_day_of_birth_is_known_by_its_name(name):
    assert asks_for_birth(day(name))


@pytest.mark.parametrize(
    "field",
    [
        day("Ngày dự sinh"),
        day("Ngày sinh dự kiến"),
        day("Ngày sinhhoạt"),
        day("Ngày văn bản"),
        DataField("d", "Ngày sinh", FieldType.TEXT),
    ],
)
def test_other_days_may_lie_ahead(field):
    assert not asks_for_birth(field)


def test_a_birth_after_today_is_refused_and_today_s_is_not():
    field = day("Ngày sinh")
    require_born([field], {"d": TODAY}, TODAY)
    require_born([field], {"d": None}, TODAY)
    with pytest.raises(BornInFuture) as refused:
        require_born([field], {"d": date(2026, 3, 3)}, TODAY)
    assert "03/03/2026 chưa tới (hôm nay 02/03/2026)" in refused.value.message("vi")
