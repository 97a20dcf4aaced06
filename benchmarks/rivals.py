"""The numbers of the benchmark's reports, made by hand with DuckDB, Polars and pandas, and the bare scan.

Each rival is opened on a store's folder and gives, for a report, a function that is timed: all the numbers of the
engine's answer, as JSON under the same names (``benchmarks.figures``). The texts of an answer, its search strings and
the addresses of pages, are left to the engine; so is reading the request. The rivals read the same tables as the engine
does, but only what an export says in them: no column that is made for a report. What there are only few of, the names
of users and statuses, they have read before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl

from benchmarks import figures
from benchmarks.figures import DAY, END, STAGES, START, Names, Rows, Told

Answer = Callable[[], bytes]

_IN = f"ts >= {START} AND ts < {END}"
_BOUNDS = (START + 1_000_000, END)
"""The ends of the seconds START and END - 1 s, as the status reports see them."""

_ACTIVITY = f"""
    SELECT 'call', {{key}}, count(*), sum(duration) FROM call WHERE {_IN} AND direction = 'outbound' GROUP BY 2
    UNION ALL
    SELECT 'email', {{key}}, count(*), NULL FROM email
    WHERE {_IN} AND direction = 'outgoing' AND status = 'sent' GROUP BY 2
"""

_MOVED = f"since >= {START} AND since < {_BOUNDS[1]}"

DUCKDB: dict[str, tuple[str, ...]] = {
    "activity overview": (_ACTIVITY.format(key=f"ts // {DAY}"),),
    "activity comparison": (_ACTIVITY.format(key="user_no"),),
    "sent_emails": (
        f"""
        SELECT template, count(*), count(*) FILTER (opened = 1), count(*) FILTER (has_reply = 1)
        FROM email WHERE {_IN} AND direction = 'outgoing' AND status = 'sent' GROUP BY 1
        """,
    ),
    "statuses/lead": (
        f"""
        SELECT first, last, count(*)
        FROM (SELECT max(status) FILTER (since < {_BOUNDS[0]}) AS first,
                max(status) FILTER (until >= {_BOUNDS[1]}) AS last
            FROM lead_span WHERE since < {_BOUNDS[1]} AND until >= {_BOUNDS[0]} GROUP BY lead)
        GROUP BY 1, 2
        """,
        f"""
        SELECT grouping(previous, status), previous, status, count(DISTINCT lead) FROM lead_span WHERE {_MOVED}
        GROUP BY GROUPING SETS ((previous, status), (status), (previous))
        """,
    ),
    "custom": (
        f"""
        SELECT (happened // {DAY} + 3) // 7, count(*), sum(duration) FROM call
        WHERE lead IS NOT NULL AND happened >= {START} AND happened < {END} GROUP BY 1
        """,
    ),
    "funnel stages": (
        f"""
        WITH cohort AS (SELECT no, user_no, annualized AS value, confidence FROM opportunity
            WHERE created >= {START} AND created < {END}),
        one AS (SELECT any_value(user_no) AS user_no, any_value(value) AS value, any_value(value)
                * CASE arg_max(status, place) WHEN 3 THEN 100 WHEN 4 THEN 0 ELSE any_value(confidence) END AS weighted,
                min(status) FILTER (status < 4) AS low, max(status) FILTER (status < 4) AS high,
                list(previous) FILTER (status = 4) AS lost,
                [{", ".join(f"min(since) FILTER (status = {stage})" for stage in STAGES)}] AS came
            FROM opportunity_span JOIN cohort ON opportunity = no GROUP BY opportunity),
        reached AS (SELECT user_no, k, value, weighted, list_contains(lost, k) AS lost,
                came[k + 1] AS came, list_min(came[k + 2:]) AS onward
            FROM range(4) stage(k) JOIN one ON low <= k AND high >= k)
        SELECT user_no, k, count(*), sum(value), count(onward), sum(value) FILTER (onward IS NOT NULL),
            sum(weighted), sum(weighted) FILTER (onward IS NOT NULL), count(*) FILTER (lost), sum(value) FILTER (lost),
            sum(onward - came) FILTER (onward > came)
        FROM reached GROUP BY 1, 2
        """,
    ),
}
"""Statements that are made for these reports, in the quickest form that was found. Of a loss, ``previous`` is the stage
it came from, as this pipeline has but one lost status."""

SCAN = {
    "activity overview": f"SELECT (SELECT min(ts) + sum(duration) + count(direction) FROM call WHERE {_IN}), "
    f"(SELECT min(ts) + count(direction) + count(status) FROM email WHERE {_IN})",
    "activity comparison": f"SELECT (SELECT min(ts) + sum(duration) + count(direction) + sum(user_no) FROM call "
    f"WHERE {_IN}), (SELECT min(ts) + count(direction) + count(status) + sum(user_no) FROM email WHERE {_IN})",
    "sent_emails": f"SELECT min(ts) + count(direction) + count(status) + count(template) + sum(opened + has_reply) "
    f"FROM email WHERE {_IN}",
    "statuses/lead": "SELECT sum(lead + status + previous), min(since) + min(until) FROM lead_span "
    f"WHERE since < {END}",
    "custom": "SELECT min(happened) + sum(duration) + sum(lead) FROM call "
    f"WHERE happened >= {START} AND happened < {END}",
    "funnel stages": "SELECT (SELECT sum(no + annualized + user_no + confidence) FROM opportunity "
    f"WHERE created >= {START} AND created < {END}), "
    "(SELECT sum(opportunity + status + previous) + min(since) FROM opportunity_span)",
}
"""The columns each report needs, read and added up."""


def _names(folder: Path) -> Names:
    tables = ("user_account", "lead_status", "opportunity_status")
    return Names(*(dict(pl.read_parquet(folder / f"{table}.parquet")["no", "id"].rows()) for table in tables))


def _json(numbers: Told) -> bytes:
    return json.dumps(numbers, separators=(",", ":")).encode()


def by_duckdb(folder: Path) -> Callable[[str], Answer]:
    """Runs the statements of ``DUCKDB``."""
    connection, names = duckdb.connect(str(folder / "store.duckdb"), read_only=True), _names(folder)

    def ask(case: str) -> bytes:
        found, *more = (connection.execute(sql).fetchall() for sql in DUCKDB[case])
        match case:
            case "activity overview" | "activity comparison":
                calls = [row[1:] for row in found if row[0] == "call"]
                emails = [row[1:3] for row in found if row[0] == "email"]
                if case == "activity overview":
                    return _json(figures.overview(calls, emails))
                return _json(figures.comparison(calls, emails, names))
            case "sent_emails":
                return _json(figures.sent_emails(found))
            case "statuses/lead":
                moves = [row[1:] for row in more[0] if row[0] == 0]
                came, went = (
                    [(row[key], row[3]) for row in more[0] if row[0] == grouping] for grouping, key in ((2, 2), (1, 1))
                )
                return _json(figures.statuses(found, moves, came, went, names))
            case "custom":
                return _json(figures.custom(found))
            case _:
                return _json(figures.funnel(found, names))

    return lambda case: lambda: ask(case)


def by_scan(folder: Path) -> Callable[[str], Answer]:
    """Runs a statement of ``SCAN``; what it gives means nothing."""
    connection = duckdb.connect(str(folder / "store.duckdb"), read_only=True)

    def ask(case: str) -> bytes:
        connection.execute(SCAN[case]).fetchall()
        return b"{}"

    return lambda case: lambda: ask(case)


def by_polars(folder: Path) -> Callable[[str], Answer]:
    """Runs a function of this module on lazily read Parquet files."""
    names = _names(folder)
    return lambda case: lambda: _json(_POLARS[case](lambda table: pl.scan_parquet(folder / f"{table}.parquet"), names))


def by_pandas(folder: Path) -> Callable[[str], Answer]:
    """Runs a function of this module; the needed columns of the Parquet files are read each time."""
    names = _names(folder)
    return lambda case: (
        lambda: _json(
            _PANDAS[case](
                lambda table, *columns: pd.read_parquet(folder / f"{table}.parquet", columns=[*columns]), names
            )
        )
    )


Lazy = Callable[[str], pl.LazyFrame]
_AT = pl.col("ts").is_between(START, END, closed="left")
_SENT = (pl.col("direction") == "outgoing") & (pl.col("status") == "sent")


def _polars_activity(table: Lazy, key: pl.Expr) -> tuple[Rows, Rows]:
    calls = table("call").filter(_AT & (pl.col("direction") == "outbound")).group_by(key.alias("key"))
    emails = table("email").filter(_AT & _SENT).group_by(key.alias("key"))
    found = pl.collect_all([calls.agg(pl.len(), pl.col("duration").sum()), emails.agg(pl.len())])
    return found[0].rows(), found[1].rows()


def _polars_overview(table: Lazy, _: Names) -> Told:
    return figures.overview(*_polars_activity(table, pl.col("ts") // DAY))


def _polars_comparison(table: Lazy, names: Names) -> Told:
    return figures.comparison(*_polars_activity(table, pl.col("user_no")), names)


def _polars_emails(table: Lazy, _: Names) -> Told:
    counts = (pl.len(), pl.col("opened").sum(), pl.col("has_reply").sum())
    return figures.sent_emails(table("email").filter(_AT & _SENT).group_by("template").agg(*counts).collect().rows())


def _polars_statuses(table: Lazy, names: Names) -> Told:
    spans, (start, end) = table("lead_span").filter(pl.col("since") < _BOUNDS[1]), _BOUNDS
    stays = (
        spans.filter(pl.col("until") >= start)
        .group_by("lead")
        .agg(
            pl.when(pl.col("since") < start).then(pl.col("status")).max().alias("first"),
            pl.when(pl.col("until") >= end).then(pl.col("status")).max().alias("last"),
        )
        .group_by("first", "last")
        .agg(pl.len())
    )
    moved = spans.filter(pl.col("since") >= START)
    leads = pl.col("lead").n_unique()
    changes = [moved.group_by(*key).agg(leads) for key in (["previous", "status"], ["status"], ["previous"])]
    pairs, moves, came, went = (frame.rows() for frame in pl.collect_all([stays, *changes]))
    return figures.statuses(pairs, moves, came, went, names)


def _polars_custom(table: Lazy, _: Names) -> Told:
    calls = table("call").filter(
        pl.col("happened").is_between(START, END, closed="left") & pl.col("lead").is_not_null()
    )
    week = ((pl.col("happened") // DAY + 3) // 7).alias("week")
    return figures.custom(calls.group_by(week).agg(pl.len(), pl.col("duration").sum()).collect().rows())


def _polars_funnel(table: Lazy, names: Names) -> Told:
    cohort = table("opportunity").filter(pl.col("created").is_between(START, END, closed="left"))
    cohort = cohort.select(pl.col("no").alias("opportunity"), "user_no", "annualized", "confidence")
    status, lost = pl.col("status"), pl.col("status") == len(STAGES)
    stage = pl.when(~lost).then(status)
    chance = pl.when(pl.col("present") == 3).then(100).when(pl.col("present") == 4).then(0).otherwise("confidence")
    one = (
        table("opportunity_span")
        .join(cohort, on="opportunity")
        .group_by("opportunity")
        .agg(
            pl.col("user_no", "annualized", "confidence").first(),
            pl.when(pl.col("until") == pl.col("until").max()).then(status).max().alias("present"),
            stage.min().alias("low"),
            stage.max().alias("high"),
            *(pl.when(status == k).then(pl.col("since")).min().alias(f"came{k}") for k in STAGES),
            *((lost & (pl.col("previous") == k)).any().alias(f"lost{k}") for k in STAGES),
        )
        .with_columns(weighted=pl.col("annualized") * chance)
    )
    reached = pl.concat([_polars_reached(one, k) for k in STAGES])
    on, gone, time = pl.col("onward").is_not_null(), pl.col("lost"), pl.col("onward") - pl.col("came")
    sums = [
        pl.len().alias("count"), pl.col("value").sum().alias("a"), on.sum().alias("b"),
        pl.col("value").filter(on).sum().alias("c"), pl.col("weighted").sum().alias("d"),
        pl.col("weighted").filter(on).sum().alias("e"), gone.sum().alias("f"),
        pl.col("value").filter(gone).sum().alias("g"), time.filter(time > 0).sum().alias("h"),
    ]  # fmt: skip
    return figures.funnel(reached.group_by("user_no", "stage").agg(*sums).collect().rows(), names)


def _polars_reached(one: pl.LazyFrame, stage: int) -> pl.LazyFrame:
    """The opportunities that reached a stage, with when they went on."""
    later = [f"came{k}" for k in STAGES if k > stage]
    return one.filter((pl.col("low") <= stage) & (pl.col("high") >= stage)).select(
        "user_no",
        pl.lit(stage).alias("stage"),
        pl.col("annualized").alias("value"),
        "weighted",
        pl.col(f"lost{stage}").alias("lost"),
        pl.col(f"came{stage}").alias("came"),
        (pl.min_horizontal(later) if later else pl.lit(None, pl.Int64)).alias("onward"),
    )


_POLARS: dict[str, Callable[[Lazy, Names], Told]] = {
    "activity overview": _polars_overview,
    "activity comparison": _polars_comparison,
    "sent_emails": _polars_emails,
    "statuses/lead": _polars_statuses,
    "custom": _polars_custom,
    "funnel stages": _polars_funnel,
}

Frames = Callable[..., pd.DataFrame]


def _between(frame: pd.DataFrame, column: str = "ts") -> pd.DataFrame:
    return frame[(frame[column] >= START) & (frame[column] < END)]


def _rows(frame: pd.DataFrame | pd.Series) -> list[tuple[Any, ...]]:
    """Rows of plain numbers and None, the index first."""
    columns = (frame.reset_index()[name].astype(object) for name in frame.reset_index().columns)
    return [*zip(*(column.where(column.notna(), None).tolist() for column in columns), strict=True)]


def _pandas_activity(read: Frames, key: Callable[[pd.DataFrame], pd.Series]) -> tuple[Rows, Rows]:
    calls = _between(read("call", "ts", "user_no", "direction", "duration"))
    calls = calls[calls["direction"] == "outbound"]
    emails = _between(read("email", "ts", "user_no", "direction", "status"))
    emails = emails[(emails["direction"] == "outgoing") & (emails["status"] == "sent")]
    counts = calls.groupby(key(calls))["duration"].agg(["size", "sum"])
    return _rows(counts), _rows(emails.groupby(key(emails)).size())


def _pandas_overview(read: Frames, _: Names) -> Told:
    return figures.overview(*_pandas_activity(read, lambda frame: frame["ts"] // DAY))


def _pandas_comparison(read: Frames, names: Names) -> Told:
    return figures.comparison(*_pandas_activity(read, lambda frame: frame["user_no"]), names)


def _pandas_emails(read: Frames, _: Names) -> Told:
    emails = _between(read("email", "ts", "direction", "status", "template", "opened", "has_reply"))
    emails = emails[(emails["direction"] == "outgoing") & (emails["status"] == "sent")]
    grouped = emails.groupby("template", dropna=False)
    return figures.sent_emails(
        _rows(grouped.agg(n=("ts", "size"), opened=("opened", "sum"), answered=("has_reply", "sum")))
    )


def _pandas_statuses(read: Frames, names: Names) -> Told:
    spans = read("lead_span", "lead", "since", "until", "status", "previous")
    spans = spans[spans["since"] < _BOUNDS[1]]
    there = spans[spans["until"] >= _BOUNDS[0]]
    first = there[there["since"] < _BOUNDS[0]].set_index("lead")["status"].rename("first")
    last = there[there["until"] >= _BOUNDS[1]].set_index("lead")["status"].rename("last")
    stays = last.to_frame().join(first).groupby(["first", "last"], dropna=False).size()
    moved = spans[spans["since"] >= START]
    moves, came, went = (
        _rows(moved.groupby(key, dropna=False)["lead"].nunique())
        for key in (["previous", "status"], "status", "previous")
    )
    return figures.statuses(_rows(stays), moves, came, went, names)


def _pandas_custom(read: Frames, _: Names) -> Told:
    calls = _between(read("call", "happened", "lead", "duration"), "happened").dropna(subset=["lead"])
    weeks = calls.groupby((calls["happened"] // DAY + 3) // 7)["duration"]
    return figures.custom(_rows(weeks.agg(["size", "sum"])))


def _pandas_funnel(read: Frames, names: Names) -> Told:
    cohort = _between(read("opportunity", "no", "user_no", "created", "annualized", "confidence"), "created")
    spans = read("opportunity_span", "opportunity", "since", "until", "status", "previous").merge(
        cohort, left_on="opportunity", right_on="no"
    )
    one = spans[spans["until"] == spans["until"].max()].set_index("opportunity")
    chance = one["confidence"].mask(one["status"] == 3, 100).mask(one["status"] == 4, 0)
    one = one[["user_no"]].assign(value=one["annualized"], weighted=one["annualized"] * chance)
    lost = spans[spans["status"] == 4].groupby(["opportunity", "previous"]).size().unstack().reindex(columns=STAGES)
    came = (
        spans[spans["status"] < 4].groupby(["opportunity", "status"])["since"].min().unstack().reindex(columns=STAGES)
    )
    came = came.astype("Int64")
    found = []
    for stage in STAGES:
        reached = came[[k for k in STAGES if k <= stage]].notna().any(axis=1)
        reached &= came[[k for k in STAGES if k >= stage]].notna().any(axis=1)
        there = one.loc[came.index[reached]]
        onward = came.loc[there.index, [k for k in STAGES if k > stage]].min(axis=1)
        on, gone = onward.notna(), lost[stage].reindex(there.index).notna()
        time = (onward - came.loc[there.index, stage]).fillna(0).clip(lower=0)
        columns = there.assign(
            count=1, on=on, value_on=there["value"].where(on, 0), weighted_on=there["weighted"].where(on, 0),
            gone=gone, value_gone=there["value"].where(gone, 0), time=time,
        )  # fmt: skip
        sums = columns.groupby("user_no").sum()
        order = ["count", "value", "on", "value_on", "weighted", "weighted_on", "gone", "value_gone", "time"]
        found += [(user, stage, *sums_) for user, *sums_ in _rows(sums[order])]
    return figures.funnel(found, names)


_PANDAS: dict[str, Callable[[Frames, Names], Told]] = {
    "activity overview": _pandas_overview,
    "activity comparison": _pandas_comparison,
    "sent_emails": _pandas_emails,
    "statuses/lead": _pandas_statuses,
    "custom": _pandas_custom,
    "funnel stages": _pandas_funnel,
}

BY = {"duckdb": by_duckdb, "polars": by_polars, "pandas": by_pandas, "scan": by_scan}
