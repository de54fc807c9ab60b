"""A lake says how its agencies and procedures are called, and is read without that as well."""

from analysis.lake.city import city
from analysis.lake.names import read_names
from analysis.lake.rolling import roll_up
from tests.analysis.lake.office_lake import OfficeLake
from tests.analysis.office_day import play


def test_a_refresh_says_how_the_agency_and_its_procedures_are_called(ward, tmp_path):
    play(ward)
    office = OfficeLake(ward, tmp_path / "lake")
    assert read_names(office.folder).agencies == {}
    office.refresh()
    names = read_names(office.folder)
    assert list(names.agencies) == [ward.agency_id]
    assert names.agencies[ward.agency_id].startswith("UBND")
    assert all(names.procedures.values())
    roll_up(office.folder, office.now)
    assert {each.key for each in city(office.folder).by_procedure} <= set(names.procedures)


def test_a_lake_that_says_no_names_is_read_as_well(ward, tmp_path):
    play(ward)
    office = OfficeLake(ward, tmp_path / "lake")
    office.refresh()
    roll_up(office.folder, office.now)
    for path in (office.folder / "manifest").glob("names=*"):
        path.unlink()
    assert read_names(office.folder).procedures == {}
    assert city(office.folder).whole.n > 0
    office.refresh()  # says them again, though nothing has changed
    assert read_names(office.folder).agencies
