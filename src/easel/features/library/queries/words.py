"""What someone types into the search box, as PostgreSQL's text search takes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, UnaryExpression, bindparam, func, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.operators import custom_op

_MOST_TERMS: Final = 16
_TERM = re.compile(r'(?P<without>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_NOT = custom_op[str]("!!")
_SIMPLE: ColumnElement[str] = literal_column("'pg_catalog.simple'::regconfig")
_ENGLISH: ColumnElement[str] = literal_column("'pg_catalog.english'::regconfig")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for, or to leave out: a phrase, the beginning of a word, or a word in any of its forms."""

    text: str
    kind: str
    without: bool = False


def terms(q: str) -> list[Term]:
    """What a search is for. The last word may be one that is still being typed."""
    found = [_term(match) for match in _TERM.finditer(q)]
    found = [term for term in found if re.search(r"\w", term.text)][:_MOST_TERMS]
    if found and found[-1].kind == "word" and not found[-1].without and len(found[-1].text) > 1:
        found[-1] = Term(found[-1].text, "beginning")
    return found


def matches(words: ColumnElement[str], q: str) -> ColumnElement[bool]:
    """Whether a picture's `words` are what `q` looks for. A search for nothing but marks finds nothing."""
    wanted = [_query(term) for term in terms(q)]
    if not wanted:
        return literal_column("false")
    query = wanted[0]
    for more in wanted[1:]:
        query = query.op("&&", return_type=TSQUERY())(more)
    return words.bool_op("@@")(query)


def _term(match: re.Match[str]) -> Term:
    without = bool(match["without"])
    if match["phrase"] is not None:
        return Term(match["phrase"], "phrase", without)
    word = match["word"]
    return Term(word.rstrip("*"), "beginning" if word.endswith("*") else "word", without)


def _query(term: Term) -> ColumnElement[str]:
    text: ColumnElement[str] = bindparam(None, term.text)
    query: ColumnElement[str]
    if term.kind == "phrase":
        query = func.phraseto_tsquery(_SIMPLE, text, type_=TSQUERY())
    else:
        stem = func.plainto_tsquery(_ENGLISH, text, type_=TSQUERY())
        whole = func.plainto_tsquery(_SIMPLE, text, type_=TSQUERY())
        if term.kind == "beginning":
            whole = func.to_tsquery(_SIMPLE, bindparam(None, _quoted(term.text) + ":*"), type_=TSQUERY())
        query = whole.op("||", return_type=TSQUERY())(stem)
    if term.without:
        return UnaryExpression(Grouping(query), operator=_NOT, type_=TSQUERY())
    return query


def _quoted(word: str) -> str:
    """A word as `to_tsquery` takes it whatever is in it; it is split there as texts are."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
