from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from directory.accounts.hashers import Argon2
from directory.accounts.secrets import Unreadable, seal, unseal


@pytest.fixture(autouse=True)
def key(tmp_path: Path, settings) -> Path:
    file = tmp_path / "wrapping.key"
    file.write_text("3f" * 32 + "\n")
    settings.WRAPPING_KEY_FILE = file
    return file


def test_what_is_sealed_can_be_opened_for_the_same_purpose():
    sealed = seal("JBSWY3DPEHPK3PXP", purpose="second-factor")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert unseal(sealed, purpose="second-factor") == "JBSWY3DPEHPK3PXP"


def test_the_same_text_is_never_sealed_the_same_way_twice():
    assert seal("a", purpose="session") != seal("a", purpose="session")


def test_another_purpose_is_another_key():
    with pytest.raises(Unreadable):
        unseal(seal("a", purpose="session"), purpose="second-factor")


def test_a_changed_text_is_refused():
    sealed = seal("een sleutel", purpose="session")
    middle = len(sealed) // 2
    changed = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]
    with pytest.raises(Unreadable):
        unseal(changed, purpose="session")


@pytest.mark.parametrize("text", ["", "JBSWY3DPEHPK3PXP", "1.", "1.é", "2.AAAA"])
def test_what_was_never_sealed_is_refused(text: str):
    with pytest.raises(Unreadable):
        unseal(text, purpose="session")


def test_another_wrapping_key_opens_nothing(tmp_path: Path, settings):
    sealed = seal("a", purpose="session")
    other = tmp_path / "other.key"
    other.write_text("4f" * 32)
    settings.WRAPPING_KEY_FILE = other
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="session")


@pytest.mark.parametrize("content", [None, "kort"])
def test_without_a_real_key_nothing_is_sealed(tmp_path: Path, settings, content: str | None):
    file = tmp_path / "broken.key"
    if content:
        file.write_text(content)
    settings.WRAPPING_KEY_FILE = file
    with pytest.raises(ImproperlyConfigured, match=r"broken\.key"):
        seal("a", purpose="session")


def test_passwords_cost_64_mib_and_three_rounds():
    encoded = Argon2().encode("vier-fietsen-in-de-regen", Argon2().salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")
    assert Argon2().verify("vier-fietsen-in-de-regen", encoded)
    assert not Argon2().verify("vijf-fietsen-in-de-regen", encoded)
