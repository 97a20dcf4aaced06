"""The report of sent e-mails: all of them, then each template that was used."""

from __future__ import annotations

from tests.engine.oracle.statuses import last, nearest, period, quoted, written
from tests.engine.oracle.world import SECOND, Row, World, sent


def emails(world: World, params: Row, offset: int, now: int) -> list[Row]:
    """The sent e-mails of the user and the period that a request names."""
    over = period(params, offset, now)
    end = last(over.end) if params.get("date_end") else None
    rows = [row for row in world.of("Email") if row.get("direction") == "outgoing" and row.get("status") == "sent"]
    if params.get("user_id"):
        rows = [row for row in rows if row.get("user_id") == params["user_id"]]
    rows = [row for row in rows if over.start is None or sent(row) >= over.start * SECOND]
    return [row for row in rows if end is None or sent(row) <= end]


def counted(rows: list[Row]) -> dict[str, list[Row]]:
    return {
        "total": rows,
        "opened": [row for row in rows if row.get("opens")],
        "responded": [row for row in rows if row.get("has_reply")],
    }


def report(world: World, params: Row, offset: int, now: int) -> Row:
    """The answer to ``GET report/sent_emails/ORG/``."""
    rows = emails(world, params, offset, now)
    used = {row["template_id"] for row in rows if row.get("template_id")}
    listed = {row["id"]: row for row in world.dump.get("email_template") or []}
    templates = {key: listed.get(key) or {"id": key, "name": key, "is_shared": False} for key in used}
    known = {*listed, *(row["template_id"] for row in world.of("Email") if row.get("template_id"))}
    over = period(params, offset, now)
    extra = ""
    if over.start is not None:
        extra += f" sent >= {quoted(written(over.start))}"
    if params.get("date_end"):
        extra += f" sent <= {quoted(written(over.end))}"
    if params.get("user_id"):
        extra += f" user:{quoted(params['user_id'])}"
    found = []
    for key, template in templates.items():
        own = [row for row in rows if row.get("template_id") == key]
        url = f"/organization/{world.organization['id']}/email_templates/{key}/"
        said = f" template:{quoted(spoken(key, templates, known))}"
        about = {"template_id": key, "name": template["name"], "is_shared": template["is_shared"], "template_url": url}
        found.append(about | _numbers(own, said + extra))
    found.sort(key=lambda row: (-row["total"], row["name"], row["template_id"]))
    every = {"template_id": None, "name": "All Emails", "is_shared": True, "template_url": None}
    return {"sent_email_stats": [every | _numbers(rows, extra), *found]}


def spoken(key: str, templates: dict[str, Row], known: set[str]) -> str:
    """The name of a template where it means no other one of the report and is the ID of none, else its ID."""
    name = str(templates[key]["name"])
    others = {row["name"].lower() for other, row in templates.items() if other != key}
    taken = name.lower() in others | {identity.lower() for identity in known if identity != key}
    return key if taken or "\0" in name else name


def _numbers(rows: list[Row], extra: str) -> Row:
    found = {name: len(each) for name, each in counted(rows).items()}
    total = found["total"]
    percents = {f"percentage_{n}": nearest(found[n], total) if total else 0 for n in ("opened", "responded")}
    queries = {
        "total": f"email(direction:sent{extra})",
        "opened": f"email(direction:sent opened:yes{extra})",
        "responded": f"email(direction:sent has_reply:yes{extra})",
    }
    return found | percents | {"_queries": queries}
