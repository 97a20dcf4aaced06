"""Made-up views: a rich week of a small sales team, and the edges of what a page may have to show."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from runner.render.changes import Tone
from runner.render.view import (
    Alarm,
    Band,
    Bar,
    Bucket,
    CellView,
    Columns,
    Delta,
    Fact,
    Flow,
    Funnel,
    Goal,
    Hero,
    Line,
    Lines,
    Look,
    Move,
    Node,
    Part,
    Point,
    RowView,
    SectionView,
    Step,
    TableView,
    Tick,
    Tile,
    View,
)

APP = "https://app.close.com/search/"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOW, BEFORE = "16–22 Nov 2026", "9–15 Nov"
TONES: dict[str, Tone] = {"+": "good", "-": "bad"}

Numbers = Sequence[float | None]


def delta(said: str) -> Delta:
    """``up 12.1% +`` is a good change upwards, ``down 3 -`` a bad one downwards, without a sign it is neither."""
    direction, _, rest = said.partition(" ")
    if direction not in ("up", "down"):
        return Delta("", said)
    size, _, sign = rest.rpartition(" ") if rest[-1] in TONES else (rest, "", "")
    return Delta("▲" if direction == "up" else "▼", size.replace(" ", "\u00a0"), TONES.get(sign, "flat"), direction)


def line(
    label: str, text: str, change: str, now: Numbers, before: Numbers = (), *,
    top: float = 0, labels: Sequence[str] = DAYS, unit: str = "",
) -> Line:  # fmt: skip
    """A line of these numbers; a grid up to ``top``, where there is one."""
    past = [*before, *[None] * (len(now) - len(before))]
    highest = top or max([1.0, *(value for value in (*now, *past) if value)])
    points = tuple(
        Point(
            labels[place % len(labels)], _said(one, unit), _share(one, highest), _said(two, unit), _share(two, highest)
        )
        for place, (one, two) in enumerate(zip(now, past, strict=True))
    )
    ticks = tuple(Tick(_said(top * share, unit), share) for share in (0, 0.5, 1)) if top else ()
    best = max((value for value in now if value is not None), default=0.0)
    peak = list(now).index(best) if best else None
    return Line(label, text, delta(change) if change else None, points, ticks, peak)


def _said(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{unit}{value:,.0f}"


def _share(value: float | None, highest: float) -> float | None:
    return None if value is None else value / highest


def cell(said: str, link: str = "") -> CellView:
    """``112 | up 25.8% +``: a number and its change."""
    text, _, change = said.partition(" | ")
    return CellView(text, (delta(change),) if change else (), link)


def row(head: str, *cells: str, tag: str = "", bar: Bar | None = None) -> RowView:
    return RowView(head, tuple(map(cell, cells)), tag, bar)


CALLS = line("Calls", "341", "up 9.3% +", (58, 66, 71, 83, 54, 6, 3), (55, 60, 64, 69, 52, 8, 4), top=100)
EMAILS = line(
    "Emails sent", "902", "up 2.6%", (166, 181, 190, 214, 139, 8, 4), (171, 188, 179, 195, 132, 9, 5), top=300
)
MEETINGS = line("Meetings held", "27", "down 15.6% -", (6, 4, 7, 8, 2, 0, 0), (7, 8, 6, 7, 4, 0, 0), top=10)
CREATED = line("New opportunities", "61", "up 13.0% +", (11, 14, 12, 15, 8, 1, 0), (10, 9, 13, 11, 9, 2, 0), top=16)
WON = line(
    "Won", "$78,400", "", (9_200, 14_700, 31_500, 52_300, 78_400, 78_400, 78_400),
    (12_000, 20_100, 26_400, 41_000, 66_900, 66_900, 66_900), unit="$",
)  # fmt: skip

HERO = Hero(
    "Won this week", "$78,400", (delta("up 17.2% +"),), "$11,500 more than the $66,900 of the week before",
    "8 deals closed, one more than the week before, and a deal took 2 days less to close. There were more calls, but "
    "fewer meetings.",
    f"{APP}won", WON,
)  # fmt: skip
TILES = (
    Tile("New opportunities", "61", delta("up 13.0% +"), "from 54", f"{APP}new", CREATED),
    Tile("Calls", "341", delta("up 9.3% +"), "from 312", f"{APP}calls", CALLS),
    Tile("Emails sent", "902", delta("up 2.6%"), "from 879", "", EMAILS),
    Tile("Meetings held", "27", delta("down 15.6% -"), "from 32", "", MEETINGS),
)
LOOKS = (
    Look("bad", "▼", "Demo to Offer fell to 58%", "It was 71% the week before. 16 opportunities wait in Demo.", APP),
    Look("good", "▲", "Replies to “Second try” rose to 11.8%", "3.4 points more, over 61 e-mails sent.", ""),
    Look("warn", "!", "Sam Whitlock did nothing", "12 calls and 6 e-mails the week before, none in this one.", APP),
)
DAILY = Lines("lines", "Activity", "Four metrics by day.", NOW, BEFORE, (CALLS, EMAILS, MEETINGS, CREATED))
ACTIVITY = SectionView(
    "activity", "activity", "Activity", "", "", "", False,
    "Calls peaked on Thursday with 83, the most on any day of both weeks. Meetings are down by 5.", f"{APP}activity",
    (DAILY,),
    (
        TableView(
            "Over time", "Day", ("Calls", "Emails sent", "Meetings held", "New opportunities"),
            tuple(
                row(day, *(f"{each.points[place].text} | up 3" for each in (CALLS, EMAILS, MEETINGS, CREATED)))
                for place, day in enumerate(DAYS)
            ),
            row("Total", "341 | up 9.3% +", "902 | up 2.6%", "27 | down 15.6% -", "61 | up 13.0% +"), behind=True,
        ),
    ),
)  # fmt: skip
REPS = SectionView(
    "reps", "activity", "By rep", "", "", "", False,
    "Nadia won 3 deals worth $29,900, 38% of all. Ines is down from $24,100.", f"{APP}reps", (),
    (
        TableView(
            "Users", "Rep", ("Won", "Deals", "Calls", "Emails", "Meetings", "Talk time"),
            (
                row("Nadia Brandt", "$29,900 | up 48.0% +", "3 | up 1", "108 | up 31.7% +", "297 | up 6.8%",
                    "8 | up 1", "4 h 12 min | up 4.0%", bar=Bar(1.0, 0.68)),
                row("Kofi Mensah", "$19,600 | up 18.8%", "2 | same", "91 | up 8.3%", "214 | down 9.3%",
                    "6 | down 2", "3 h 2 min | same", bar=Bar(0.66, 0.55)),
                row("Ines Duarte", "$15,200 | down 36.9% -", "1 | down 1", "76 | down 2.6%", "171 | up 1.8%",
                    "5 | same", "2 h 40 min | down 8.2%", bar=Bar(0.51, 0.81)),
                row("Theo Lindqvist", "$8,900 | up 11.3%", "1 | same", "41 | up 20.6%", "133 | up 19.8%",
                    "5 | down 1", "1 h 1 min | up 3.3%", bar=Bar(0.30, 0.27)),
                row("Yuki Tanabe", "$4,800 | new", "1 | up 1", "25 | up 92.3% +", "87 | up 33.8% +",
                    "3 | same", "38 min | new", bar=Bar(0.16, None)),
                row("Sam Whitlock", "– | –", "0 | same", "0 | down 12 -", "0 | down 6 -", "0 | down 3 -", "– | –",
                    tag="No activity", bar=Bar(None, 0.08)),
            ),
            row("Team", "$78,400 | up 17.2%", "8 | up 1", "341 | up 9.3%", "902 | up 2.6%", "27 | down 15.6%",
                "11 h 33 min | up 1.0%"),
            main=(0, 2, 3, 4), phone=(0, 2, 3, 4), now=NOW, before=BEFORE,
        ),
    ),
)  # fmt: skip
FUNNEL = SectionView(
    "funnel", "funnel-opportunity-stages", "Opportunity funnel", "Created 1 Aug – 31 Oct 2026", "", "", False,
    "13% of opportunities reached Won. The step from Demo to Offer lost the most.", f"{APP}funnel",
    (
        Funnel(
            "funnel", "Stages", "How many reached each stage.", NOW, BEFORE,
            (
                Step("Discovery", "61", f"{APP}1", 1.0, "54", 0.885, "62% go on", delta("up 5.1 pp +")),
                Step("Demo", "38", f"{APP}2", 0.623, "31", 0.508, "58% go on", delta("down 13.0 pp -")),
                Step("Offer", "22", "", 0.361, "22", 0.361, "68% go on", delta("up 4.0 pp")),
                Step("Contract sent", "15", "", 0.246, "14", 0.23, "53% go on", delta("up 3.3 pp")),
                Step("Won", "8", "", 0.131, "7", 0.115, "", None),
            ),
        ),
    ),
    (
        TableView(
            "By rep", "Rep", ("Created", "Won", "Lost", "Win rate", "Time to win"),
            (
                row("Nadia Brandt", "18", "3", "4", "42.9% | up 11.2 pp +", "17 days | down 4.1%"),
                row("Kofi Mensah", "15", "2", "5", "28.6% | up 1.9 pp", "24 days | down 9.0%"),
                row("Ines Duarte", "12", "1", "6", "14.3% | down 8.8 pp -", "31 days | up 6.5%"),
            ),
            None, main=(1, 2, 3, 4), phone=(1, 2, 3, 4),
        ),
    ),
)  # fmt: skip
STATUSES = ("New lead", "Potential", "Contacted", "Qualified", "Demo booked")
ENDS = ("Potential", "Contacted", "Qualified", "Demo booked", "Customer", "Bad fit")
MOVED = (
    (0, 0, 49), (1, 1, 36), (2, 2, 19), (3, 3, 15), (1, 5, 13), (4, 4, 8), (2, 5, 7), (2, 0, 5), (4, 5, 3),
)  # fmt: skip
WHOLE = sum(count for _, _, count in MOVED)


def _nodes(names: Sequence[str], side: int) -> tuple[Node, ...]:
    counts = [sum(move[2] for move in MOVED if move[side] == place) for place in range(len(names))]
    return tuple(Node(name, str(count), count / WHOLE) for name, count in zip(names, counts, strict=True))


LEADS = SectionView(
    "leads", "statuses-lead", "Lead statuses", "", "", "", False,
    "49 new leads came in; 8 became customers and 23 were a bad fit.", f"{APP}leads",
    (
        Flow(
            "flow", "Where leads moved", "From the status before to the status after.",
            _nodes(STATUSES, 0), _nodes(ENDS, 1),
            tuple(Band(source, target, str(count), count / WHOLE) for source, target, count in MOVED),
            tuple(
                Move(f"{STATUSES[source]} → {ENDS[target]}", str(count), f"{APP}{source}{target}",
                     delta("up 4") if source else None, count / 49)
                for source, target, count in MOVED[:8]
            ),
            "1 more move of 3 leads",
        ),
    ),
    (
        TableView(
            "Statuses", "Status", ("Start", "Gained", "Lost", "End", "Change"),
            (
                row("Potential", "1,187", "54", "49", "1,192", "5 | up 5"),
                row("Contacted", "402", "36", "31", "407", "5 | up 5"),
                row("Qualified", "88", "19", "15", "92", "4 | up 4"),
                row("Customer", "141", "8", "0", "149", "8 | up 8 +"),
                row("Old trial", "12", "0", "1", "11", "−1 | down 1", tag="deleted"),
            ),
            None, main=(1, 2, 3, 4), phone=(1, 2, 3, 4), folded="3 statuses without change",
        ),
    ),
)  # fmt: skip
WEEKS = ("7 Sep", "14 Sep", "21 Sep", "28 Sep", "5 Oct", "12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov")
CREATED_VALUE = (
    (13, 9, 3), (16, 8, 5), (12, 9, 4), (15, 10, 6), (18, 11, 4), (17, 12, 3), (21, 10, 7), (19, 14, 5), (20, 13, 6),
    (22, 12, 8), (26, 15, 5),
)  # fmt: skip


def _bucket(label: str, values: Sequence[int], *, running: bool = False) -> Bucket:
    parts = tuple(Part(f"${value},000", value / 46) for value in values)
    return Bucket(label, f"${sum(values)},000", parts, running)


BUCKETS = tuple(
    _bucket(label, values, running=label == "16 Nov") for label, values in zip(WEEKS, CREATED_VALUE, strict=True)
)
PIPELINE = SectionView(
    "pipeline", "custom", "New pipeline by source", "7 Sep – 22 Nov 2026", "", "", False,
    "$46,000 in the last week, the most of 11 weeks. Inbound makes up 57%.", f"{APP}explorer",
    (Columns("columns", "New pipeline by source", "By week.", ("Inbound", "Outbound", "Partner"), BUCKETS),),
    (
        TableView(
            "New pipeline by source", "Week", ("Inbound", "Outbound", "Partner"),
            tuple(row(bucket.label, *(part.text for part in bucket.parts)) for bucket in BUCKETS), None, behind=True,
        ),
    ),
)  # fmt: skip

RICH = View(
    "en-US", "weekly-sales", "Weekly sales", "Alder & Finch, all teams",
    "Weekly sales: $78,400 won (▲ 17.2%), 16–22 Nov", NOW, BEFORE, "", False, "", "", (), HERO, TILES, LOOKS,
    (ACTIVITY, REPS, FUNNEL, LEADS, PIPELINE),
    (
        Fact("Range", "Mon 16 Nov 2026 00:00 (UTC−05:00) until Mon 23 Nov 2026 00:00 (UTC−05:00), America/New_York"),
        Fact("Compared with", "Mon 9 Nov 2026 00:00 until Mon 16 Nov 2026 00:00"),
        Fact("Data as of", "Mon 23 Nov 2026 07:02"),
        Fact("Definition", "reports/weekly-sales.yaml", "https://git.example.com/weekly-sales.yaml"),
        Fact("Run", "5 reports, 11 requests"),
    ),
)  # fmt: skip

# ---- edges -----------------------------------------------------------------------------------------------

FAILED = SectionView("failed", "custom", "Forecast", "", "", "the service said: try later", False, "", "", (), ())
NOTHING = SectionView("nothing", "custom", "Lost deals", "", "", "", True, "", "", (), ())
BARE = replace(
    RICH, compared="", hero=None, tiles=(), looks=(), sections=(), description="", state="Nothing was found."
)


def without_comparison(view: View) -> View:
    """The same numbers where there is nothing to compare them with."""
    bare: View = _each(view, _bare)
    return bare


UNCOMPARED: dict[type, dict[str, Any]] = {
    Step: {"before_text": "", "before_share": None},
    Point: {"before_text": "", "before": None},
    Bar: {"before": None},
    Lines: {"before": ""},
    Funnel: {"before": ""},
    TableView: {"before": ""},
    Hero: {"difference": ""},
    Tile: {"before": ""},
    View: {"compared": ""},
}
"""What is said where there is nothing to compare with."""


def _bare(value: Any) -> Any:
    return None if isinstance(value, Delta) else replace(value, **UNCOMPARED.get(type(value), {}))


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every part of it changed, from the inside out; what becomes None in a tuple is left out."""
    if isinstance(value, tuple):
        return tuple(made for part in value if (made := _each(part, change)) is not None or part is None)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _each(getattr(value, field.name), change) for field in dataclasses.fields(value)}
        return change(replace(value, **fields))
    return value


OURS = {"id", "kind", "language", "section", "tone"}
"""Fields that are not data."""


def said(view: View, text: str) -> View:
    """The view with ``text`` in every place that has a text, links too."""
    reworded: View = _each(view, lambda value: _reworded(value, text))
    return reworded


def _reworded(value: Any, text: str) -> Any:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    new: dict[str, Any] = {
        name: text for name, old in fields.items() if isinstance(old, str) and old and name not in OURS
    }
    lists = {
        name: (text,) * len(old)
        for name, old in fields.items()
        if isinstance(old, tuple) and old and isinstance(old[0], str)
    }
    return replace(value, **new, **lists)


def crowd(count: int) -> TableView:
    """A table of so many users."""
    rows = tuple(
        row(f"Person {place + 1}", f"{count - place} | up 1", str(place), bar=Bar((count - place) / count, 0.5))
        for place in range(count)
    )
    return TableView("Users", "User", ("Calls", "Emails"), rows, row("Team", "820", "780"))


DEMANDING = replace(
    RICH,
    running="so far, up to Wed 18 Nov 2026 17:00",
    alarm="1 of 6 checks failed",
    alarms=(
        Alarm(
            "bad", "✕", "The team makes too few calls", "Calls: 341 (at least 400). Activity, check calls.", APP, "reps"
        ),
        Alarm("warn", "!", "Emails of Kofi Mensah: 3 (at least 10)", "By rep, check everyone-writes.", "", "reps"),
    ),
    goals=(
        Goal("Calls", "341", "500", "68%", 0.682, 0.4, "141 ahead: 200 expected by now", "good", APP, "activity"),
        Goal("Won", "$78,400", "$400,000", "20%", 0.196, 0.4, "$81,600 behind: $160,000 expected", "bad", "", "reps"),
        Goal("Replies", "30.0%", "25.0%", "120%", 1.0, None, "reached, 5.0 pp more", "good", "", ""),
        Goal("Meetings held", "0", "30", "0%", 0.0, 0.0, "30 to go; 0 of 5 working days are over", "flat", "", ""),
        Goal("Calls of Bob", "–", "", "", None, None, "no row 'Bob'", "flat", "", "reps"),
    ),
)

LONG = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, regional enterprise accounts (northern) " * 2
EDGES: dict[str, View] = {
    "empty": replace(BARE, sections=(NOTHING,)),
    "no-reports": BARE,
    "all-failed": replace(
        BARE, state="", missing="2 of 2 reports missing", sections=(FAILED, replace(FAILED, id="failed-too"))
    ),
    "no-comparison": without_comparison(RICH),
    "sample": replace(RICH, sample=True, notes=("1 user has left and is counted nowhere",)),
    "running": replace(RICH, running="so far", missing="1 of 6 reports missing", sections=(*RICH.sections, FAILED)),
    "long-names": said(RICH, LONG),
    "no-spaces": said(RICH, "x" * 120),
    "demanding": DEMANDING,
    "demanding-long": said(DEMANDING, LONG),
    "demanding-no-spaces": said(DEMANDING, "x" * 120),
    "forty-users": replace(RICH, sections=(replace(REPS, tables=(crowd(40),)),)),
}

SMALL = replace(
    RICH, sample=True, running="so far", missing="1 of 2 reports missing", state="Nothing.", notes=("A note",),
    tiles=TILES[:1], looks=LOOKS[:1], provenance=RICH.provenance[-2:],
    sections=(
        replace(ACTIVITY, charts=(replace(DAILY, lines=(MEETINGS,)),), period="A", against="B"),
        replace(REPS, tables=(replace(REPS.tables[0], rows=REPS.tables[0].rows[-2:], cut=1, folded="3 more"),)),
        FUNNEL, LEADS, PIPELINE, FAILED, NOTHING,
    ),
)  # fmt: skip
"""Each thing that a page can show, once or twice."""
