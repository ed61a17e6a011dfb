import pytest

from directory.people.models import ROLE_SIDES, Role, Side
from directory.people.models.names import plain, sort_key


@pytest.mark.parametrize(
    ("surname", "prefix", "initials", "key"),
    [
        ("Meulen", "van der", "E.", "meulen van der e"),
        ("Çelik", "", "Ş.", "celik s"),
        ("Yılmaz", "", "S.", "yilmaz s"),
        ("Jansen-Bakker", "", "M.J.", "jansen bakker m j"),
        ("Hert", "'t", "A.", "hert t a"),
        ("O'Neill", "", "", "oneill"),
        ("Strauß", "", "Ø.", "strauss o"),
    ],
)
def test_names_file_under_the_surname(surname: str, prefix: str, initials: str, key: str):
    assert sort_key(surname=surname, prefix=prefix, initials=initials) == key


def test_what_is_typed_meets_what_is_stored():
    assert sort_key(surname="Çelik", prefix="de").startswith(plain(" ÇELIK "))


def test_every_role_has_exactly_one_side():
    assert set(ROLE_SIDES) == set(Role)
    assert set(ROLE_SIDES.values()) == set(Side)


def test_no_medical_role_works_for_the_employer():
    assert {role for role, side in ROLE_SIDES.items() if side is Side.EMPLOYER} == {
        Role.CASEMANAGER,
        Role.OVERIG_B,
    }
