"""What is refused, and how it is told: the construct, its place, what would be accepted."""

from __future__ import annotations

import pytest

from runner.engine.query import QueryError, saved, select
from tests.engine.query.conftest import Finder

REFUSED = [
    # cut up
    ('name:"acme', "The quote at 6 is not closed."),
    ("a , b", "',' at 3: expected a field, a word or '('."),
    ("acme*", "'acme*' at 1: wildcards are not known; a star itself goes in quotes."),
    ("name:*", "'*' at 6: wildcards are not known; a star itself goes in quotes."),
    ("name::x", "':' at 6: expected a value; signs go in quotes."),
    ("created:>2026-01-01", "'>' at 9: expected a value; signs go in quotes."),
    ("name:or", "'or' at 6: expected a value; a keyword as a value goes in quotes."),
    # put together
    ("(acme", "the end at 6: expected 'and', 'or' or ')'."),
    ("acme)", "')' at 5: expected 'and', 'or' or the end."),
    ("()", "')' at 2: expected a field, a word or '('."),
    ("acme and", "the end at 9: expected a field, a word or '('."),
    ("or acme", "'or' at 1: expected a field, a word or '('."),
    ("not", "the end at 4: expected a field, a word or '('."),
    (": x", "':' at 1: expected a field, a word or '('."),
    ("name:", "the end at 6: expected a value."),
    ("name:()", "')' at 7: expected a value."),
    ("name:(a b)", "'b' at 9: expected 'or', ',' or ')'."),
    ("name:(a and b)", "'and' at 9: expected 'or', ',' or ')'."),
    ("name in (a", "the end at 11: expected 'or', ',' or ')'."),
    ("created >= (a)", "'(' at 12: expected one value after '>='."),
    ('acme not in ("x")', "'in' at 10: expected a field before 'in ('; 'not' goes before the field."),
    ("in (a)", "'in' at 1: expected a field before 'in ('; 'not' goes before the field."),
    ("in >= save_a", "'in' at 1 cannot be compared with '>='; use ':'."),
    # known
    ("statsu:new", "A lead has no field 'statsu', at 1; the nearest is 'status'."),
    ("acme user:user_ann", "A lead has no field 'user', at 6; the nearest is 'status'."),
    ("custom.Industri:x", "There is no custom field 'custom.Industri', at 1; the nearest is 'custom.Industry'."),
    ("opportunity(stat:x)", "An opportunity has no field 'stat', at 13; the nearest is 'status'."),
    ("call(sent:2026-01-01)", "A call has no field 'sent', at 6; the nearest is 'user'."),
    ("call(custom.Seats:1)", "A call has no field 'custom.Seats', at 6; the nearest is 'created'."),
    ("status > new", "'status' at 1 cannot be compared with '>'; use ':' or 'in'."),
    ("opportunity_user > x", "'opportunity_user' at 1 cannot be compared with '>'; use ':'."),
    ("lead_status(status:new on < 2026-01-01)", "'on' at 24 cannot be compared with '<'; use ':' or 'in'."),
    ("lead_status(status:new)", "'lead_status(' at 1: say 'on:' in it."),
    ("opportunity(status(status:won))", "'status(' at 13: say 'on:' in it."),
    ("task(*)", "'task(' at 1: A lead has these forms: opportunity(...), call(...), email(...), sms(...), "
     "lead_status(...), lead_status_change(...)."),
    ("call(email(*))", "'email(' at 6: A call has these forms: none."),
    ("call(acme)", "'acme' at 6: A call is searched by its fields only."),
    ("email(in:save_a)", "'in:' at 7: An email is searched by its fields only."),
    # read
    ("created:soon", "At 9: 'soon' is no date or moment, like 2026-11-16 or 2026-11-16T09:30:00Z."),
    ("created:2026-02-30", "At 9: '2026-02-30T00:00Z' is not in the calendar."),
    ("opportunity(value:much)", "'much' at 19: expected a number."),
    ("email(opened:maybe)", "'maybe' at 14: expected yes or no."),
    ('"--"', "At 1: '--' has no letter and no digit to search for."),
    ('name:"a\0b"', "At 6: The text holds a character that cannot be searched for."),
    ("name:\ud800", "At 6: The text holds a character that cannot be searched for."),
    ("custom.Tags:\ud800", "At 13: The text holds a character that cannot be searched for."),
    ('"' + "a " * 51 + '"', "At 1: '" + "a " * 20 + "...' has more than 50 words."),
    # too much
    ("in:save_x", "'in:' at 1: There is no saved search 'save_x'."),
    ("acme " * 101, "'acme' at 501: The search has more than 100 conditions."),
    ("created in (" + "2026-01-01," * 100 + "2026-01-01)", "The search has more than 100 conditions."),
    ("a" * 50_001, "The search has 50001 characters, more than 50000."),
    ("a " * 5_001, "The search has more than 5000 words and signs at 10002."),
    ("(" * 16 + "a", "'(' at 16: more than 15 parentheses lie in one another."),
    ("call(" * 16 + "a", "'(' at 80: more than 15 parentheses lie in one another."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"), REFUSED, ids=[text[:30].encode("ascii", "replace").decode() for text, _ in REFUSED]
)
def test_a_refusal_names_what_and_where(finder: Finder, text: str, told: str) -> None:
    with pytest.raises(QueryError) as refused:
        select(text, finder.catalog)
    assert str(refused.value) == told


@pytest.mark.parametrize("of", ["opportunity", "call", "note"])
@pytest.mark.parametrize("text", ["acme", "in:save_a", "opportunity(*)", "company:x"])
def test_what_only_leads_have_is_refused_elsewhere(finder: Finder, of: str, text: str) -> None:
    with pytest.raises(QueryError, match="at 1"):
        select(text, finder.catalog, of)


def test_an_unknown_kind_is_a_mistake_of_the_caller(finder: Finder) -> None:
    with pytest.raises(KeyError):
        select("*", finder.catalog, "lead stay")


@pytest.mark.parametrize(
    ("searches", "told"),
    [
        ({"save_a": {"query": "in:save_a"}},
         "In the saved search 'save_a': 'in:' at 1: The saved search 'save_a' refers to itself."),
        ({"save_a": {"query": "acme in:save_b"}, "save_b": {"query": "not in:save_a"}},
         "In the saved search 'save_a': 'in:' at 6: In the saved search 'save_b': 'in:' at 5: "
         "The saved search 'save_a' refers to itself."),
        ({"save_a": {"query": "nmae:x"}},
         "In the saved search 'save_a': A lead has no field 'nmae', at 1; the nearest is 'name'."),
        ({"save_a": {"query": "*", "type": "contact"}}, "The saved search 'save_a' does not search for leads."),
        ({"save_a": {"name": "nothing"}}, "In the saved search 'save_a': it has neither a query nor an s_query."),
        ({"save_a": {"s_query": "{"}}, "In the saved search 'save_a': s_query: it is not JSON."),
        ({}, "There is no saved search 'save_a'."),
        ({"save_a": {"query": "in:save_b " * 11}, "save_b": {"query": "acme " * 10}},
         "In the saved search 'save_a': 'in:' at 101: In the saved search 'save_b': 'acme' at 1: "
         "The search has more than 100 conditions."),
    ],
    ids=["itself", "in a circle", "an error inside", "not of leads", "empty", "no JSON", "unknown", "too much in all"],
)  # fmt: skip
def test_a_saved_search_that_cannot_be_used_is_told(finder: Finder, searches: dict[str, object], told: str) -> None:
    with pytest.raises(QueryError) as refused:
        saved("save_a", finder.with_searches(**searches).catalog)  # type: ignore[arg-type]  # they are what is stored
    assert str(refused.value) == told


def test_saved_searches_that_refer_to_more_and_more_end(finder: Finder) -> None:
    chain = {f"save_{n}": {"query": f"in:save_{n + 1} in:save_{n + 1}"} for n in range(40)}
    with pytest.raises(QueryError, match="more than 24 conditions lie in one another"):
        saved("save_0", finder.with_searches(**chain).catalog)


def test_what_is_allowed_is_not_too_deep_for_any_engine(finder: Finder) -> None:
    """Even inside the statement of a report."""
    deepest = "opportunity(user:user_ann or status_change(date > 2026-01-01 or old_status:open))"
    text = "not (acme or " * 13 + deepest + ")" * 13
    numbers = select(text, finder.catalog)
    wrapped = f"SELECT COUNT(*) FROM (SELECT c.no FROM call c WHERE c.lead IN ({numbers}) UNION ALL {numbers}) o"
    counts = {each.execute(wrapped)[0][0] for each in finder.backends}
    assert len(counts) == 1


def test_as_many_conditions_as_are_allowed_are_answered(finder: Finder) -> None:
    assert finder.find(" or ".join(["acme"] * 50 + ["call(duration:0)"] * 25)) == "acme labs"
    assert finder.find("status:nobody or " * 99 + "status:new") == "acme odd"
    assert finder.find(f"created_by in ({', '.join(['user_ann'] * 2000)})") == "acme"


@pytest.mark.parametrize("last", ["*", "in:save_0"])
def test_saved_searches_lie_in_one_another_up_to_a_depth(finder: Finder, last: str) -> None:
    """However long the chain or the circle is, no stack is used up."""
    chain = {f"save_{place}": {"query": f"in:save_{place + 1}"} for place in range(2_000)} | {
        "save_2000": {"query": last}
    }
    with pytest.raises(QueryError, match="more than 24 conditions lie in one another"):
        saved("save_0", finder.with_searches(**chain).catalog)
    assert finder.with_searches(**chain | {"save_23": {"query": "acme"}}).find("in:save_0") == "acme labs"
