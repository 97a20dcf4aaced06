"""Who a lead of the sample organization is: a company, its people, its custom fields."""

from __future__ import annotations

import re
import unicodedata
from random import Random
from typing import NamedTuple

from runner.engine.sample import chance, rates, words
from runner.model import Json


class Profile(NamedTuple):
    """A lead's fields that never change."""

    name: str
    source: str
    custom: dict[str, Json]
    contacts: list[Json]


def draw(rng: Random, token: str) -> Profile:
    """An invented company with one to three people; ``token`` makes their IDs."""
    industry = rng.choice(tuple(words.INDUSTRIES))
    kind = rng.choice(words.INDUSTRIES[industry])
    company = f"{rng.choice(words.COMPANY_STEMS)}{rng.choice(words.COMPANY_ENDINGS)} {kind}"
    source = chance.weighted(rng, rates.SOURCES)
    custom: dict[str, Json] = {
        "Employees": rng.choice(rates.EMPLOYEES),
        "Industry": industry,
        "Region": rng.choice(words.REGIONS),
        "Source": source,
    }
    count = 1 + int(rng.random() ** 2 * 3)
    return Profile(company, source, custom, [_contact(rng, company, f"{token[:38]}{n:02}") for n in range(count)])


def _contact(rng: Random, company: str, token: str) -> dict[str, Json]:
    first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
    address = f"{mailbox(first)}.{mailbox(last)}@{mailbox(company)}.example.com"
    return {
        "emails": [{"email": address, "type": "office"}],
        "id": f"cont_{token}",
        "name": f"{first} {last}",
        "phones": [{"phone": f"+1202555{rng.randrange(100, 200):04}", "type": "office"}],
        "title": rng.choice(words.TITLES),
    }


def mailbox(name: str) -> str:
    """A name as it stands in an e-mail address: lower-case letters without marks."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]+", "-", plain.lower()).strip("-")
