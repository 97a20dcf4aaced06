"""A digest for each member: the same answers, narrowed to the rows of a user or of a group's users."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runner import checks, goals
from runner.lookups import lock
from runner.lookups.wanted import Kind
from runner.model import Answer, Cell, Digest, Failure, Plan, Row, Section, Table, Unit, Value

USER = "user_id"
"""Key of the first column of a table with a row for each user."""

_SUMMED = frozenset({Unit.COUNT, Unit.MONEY, Unit.SECONDS})


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest as one circle of readers gets it. ``member`` is empty for everyone, else the ID of a user or group.

    ``addresses`` are those of the member, as far as the organization knows them.
    """

    digest: Digest
    member: str = ""
    addresses: tuple[str, ...] = ()

    @property
    def report(self) -> str:
        """What the ledger calls it."""
        return f"{self.digest.name}/{self.member}" if self.member else self.digest.name


def of(plan: Plan, answers: Mapping[str, Answer | Failure], digest: Digest) -> tuple[Edition, ...]:
    """The editions of a digest: one for everyone, or one for each member that the definition names.

    Where the members could not be asked there is the one for everyone, which says so and is nobody's.
    """
    people = dict(_people(plan, answers))
    if not plan.spec.for_each or not people:
        return (Edition(digest),)
    circles = _groups(plan) if plan.spec.for_each == "group" else _users(plan, people)
    return tuple(
        Edition(_narrowed(plan, digest, name, users), member, tuple(people[user] for user in users if people.get(user)))
        for member, (name, users) in circles.items()
    )


def _people(plan: Plan, answers: Mapping[str, Answer | Failure]) -> Iterator[tuple[str, str]]:
    """User and address, from the organization's own list of its members."""
    for ask in plan.asks:
        answer = answers.get(ask.query.key)
        if ask.query.path.startswith("organization/") and isinstance(answer, Answer):
            data: Any = answer.data
            for one in data.get("memberships") or ():
                yield str(one.get("user_id")), str(one.get("user_email") or "")


def _groups(plan: Plan) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The groups that the definition names: ID -> name and users."""
    if plan.names is None:
        return {}
    pins = lock.section(plan.spec.source.file, plan.names).pins
    return {
        pin.id: (pin.name, tuple(member.id for member in pin.members))
        for (kind, _), pin in pins.items()
        if kind is Kind.GROUP
    }


def _users(plan: Plan, people: Mapping[str, str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The users that the definition names, by themselves or with their group; all of the organization without any."""
    named: list[str] = []
    for job in plan.spec.jobs:
        said = job.settings.get("users")
        named += [str(user) for user in said] if isinstance(said, list) else []
    for _, users in _groups(plan).values():
        named += users
    found = dict.fromkeys(user for user in named if user in people) if named else dict.fromkeys(people)
    return {user: ("", (user,)) for user in found}


def _narrowed(plan: Plan, digest: Digest, name: str, users: Collection[str]) -> Digest:
    """The digest with these users' rows only, held against the checks and targets by themselves.

    What has no row for each user stays, and is said to be everybody's.
    """
    sections = tuple(_section(each, users) if isinstance(each, Section) else each for each in digest.sections)
    whole = [each.title for each in sections if isinstance(each, Section) and not any(map(_by_user, each.tables))]
    said = f"everybody's numbers: {', '.join(whole)}"
    who = name or next(_names(digest.sections, users), "")
    title = f"{digest.title}: {who}" if who else digest.title
    return replace(
        digest,
        title=title,
        sections=sections,
        notes=(*digest.notes, *([said] if whole else [])),
        checks=checks.verdicts(plan.spec, sections),
        targets=goals.progress(plan.spec, sections, plan.as_of),
    )


def _names(sections: Iterable[object], users: Collection[str]) -> Iterator[str]:
    for section in sections:
        for table in section.tables if isinstance(section, Section) else ():
            if _by_user(table):
                yield from (str(row.head) for row in table.rows if row.key in users)


def _section(section: Section, users: Collection[str]) -> Section:
    """A section of tables by user keeps those only; what else it has is of all users together."""
    if not any(map(_by_user, section.tables)):
        return section
    return replace(section, tables=tuple(_table(table, users) for table in section.tables if _by_user(table)))


def _by_user(table: Table) -> bool:
    return table.head.key == USER


def _table(table: Table, users: Collection[str]) -> Table:
    rows = tuple(row for row in table.rows if row.key in users)
    return replace(table, rows=rows, total=table.total and _total(table, table.total, rows))


def _total(table: Table, total: Row, rows: tuple[Row, ...]) -> Row:
    """The sum of the rows that are left, where the whole total is the sum of all; else it cannot be known."""
    if len(rows) == 1:
        return replace(total, cells=rows[0].cells)
    cells = []
    for place, (column, cell) in enumerate(zip(table.columns, total.cells, strict=True)):
        summed = column.unit in _SUMMED and cell.value == _sum(row.cells[place].value for row in table.rows)
        inside = [row.cells[place] for row in rows]
        before = [_sum(was) for was in zip(*(each.before for each in inside), strict=True)] if summed else []
        cells.append(Cell(_sum(each.value for each in inside), tuple(before)) if summed else Cell(None))
    return replace(total, cells=tuple(cells))


def _sum(values: Iterable[Value]) -> int | float | None:
    """The sum of the numbers; None where one is missing."""
    found = list(values)
    numbers = [value for value in found if isinstance(value, int | float)]
    return sum(numbers) if len(numbers) == len(found) else None
