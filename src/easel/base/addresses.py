"""E-mail addresses: what is one, its normal form, and the form in which two are the same."""

from __future__ import annotations

import re
import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from email_validator.types import ValidatedEmail

from easel.base.types import storable

# Studios inside a house have mail there. Changing the list is the library's documented way to allow a name.
if "local" in SPECIAL_USE_DOMAIN_NAMES:
    SPECIAL_USE_DOMAIN_NAMES.remove("local")


_WORD = re.compile(r"[^\W\d_]+")
_LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def normal_address(value: str) -> str:
    """An e-mail address in its normal form: Unicode composed, the domain in small letters.

    Names of private networks and of tests will do too, such as ``ada@studio.local``. Raises `ValueError`.
    """
    found = _read(value)
    if "." not in found.domain:
        raise ValueError("is not an e-mail address: its domain has no dot")
    if len(found.normalized) > 254:
        raise ValueError("must have at most 254 characters")
    return found.normalized


def wire_address(value: str) -> str:
    """An address as mail servers take it: the domain in ASCII (IDNA 2008). Raises `ValueError`."""
    found = _read(value)
    return f"{found.local_part}@{found.ascii_domain}"


def address_key(value: str) -> str:
    """What two addresses have in common that people would take for the same.

    Case is folded, compatibility forms (``ａ``, ``ﬁ``) are made plain (NFKC, Unicode TR 15) and the domain is
    ASCII (IDNA 2008). What is no address gets a key that no account has.
    """
    try:
        local, domain = wire_address(value).rsplit("@", 1)
    except ValueError:
        return _folded(value)
    return f"{_folded(local)}@{domain.lower()}"


def of_one_alphabet(address: str) -> str:
    """`address`, unless a word of it mixes alphabets whose letters look alike, as ``\u0430da`` does for ``ada``.

    Raises `ValueError`. As with names of domains in browsers, a word of one alphabet alone is what its owner wrote.
    """
    for word in _WORD.findall(address):
        found = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
        if len(found & _LOOK_ALIKE) > 1:
            raise ValueError("mixes letters of several alphabets in one word")
    return address


def _read(value: str) -> ValidatedEmail:
    try:
        return validate_email(storable(value), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"is not an e-mail address: {error}") from None


def _folded(text: str) -> str:
    # Twice: folding may leave what normalising changes once more (Unicode, section 3.13, D146).
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
