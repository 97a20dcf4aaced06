"""The numbers of the benchmark's reports, written by hand for DuckDB, Polars and pandas, and the bare scan.

Each function takes a store's folder (or what ``open_*`` makes of it) and gives a list of rows of numbers, in the order
``benchmarks.engine`` puts the engine's own answer in. They read the same tables as the engine does, but only what an
export says in them: no column that is made for a report.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl

START, END = 1_743_465_600_000_000, 1_751_328_000_000_000
"""2025-04-01 and 2025-07-01, UTC, in microseconds."""

DAY, WEEK = 86_400_000_000, 7 * 86_400_000_000
_IN = f"ts >= {START} AND ts < {END}"
_BOUNDS = (START + 1_000_000, END)
"""The ends of the seconds START and END - 1 s, as the status reports see them."""

Rows = list[tuple[Any, ...]]

DUCKDB = {
    "activity overview": f"""
        SELECT coalesce(c.n, 0), coalesce(c.s, 0), coalesce(e.n, 0) FROM range({START // DAY}, {END // DAY}) d(day)
        LEFT JOIN (SELECT ts // {DAY} AS day, count(*) AS n, sum(duration) AS s FROM call
            WHERE {_IN} AND direction = 'outbound' GROUP BY 1) c USING (day)
        LEFT JOIN (SELECT ts // {DAY} AS day, count(*) AS n FROM email
            WHERE {_IN} AND direction = 'outgoing' AND status = 'sent' GROUP BY 1) e USING (day) ORDER BY day
    """,
    "activity comparison": f"""
        SELECT u.id, coalesce(c.n, 0), coalesce(c.s, 0), coalesce(e.n, 0) FROM user_account u
        LEFT JOIN (SELECT user_no, count(*) AS n, sum(duration) AS s FROM call
            WHERE {_IN} AND direction = 'outbound' GROUP BY 1) c ON c.user_no = u.no
        LEFT JOIN (SELECT user_no, count(*) AS n FROM email
            WHERE {_IN} AND direction = 'outgoing' AND status = 'sent' GROUP BY 1) e ON e.user_no = u.no ORDER BY 1
    """,
    "sent_emails": f"""
        SELECT coalesce(template, ''), count(*), count(*) FILTER (opened = 1), count(*) FILTER (has_reply = 1)
        FROM email WHERE {_IN} AND direction = 'outgoing' AND status = 'sent' GROUP BY 1 ORDER BY 1
    """,
    "statuses/lead": f"""
        SELECT coalesce(a.started, 0), coalesce(a.ended, 0), coalesce(e.n, 0), coalesce(l.n, 0) FROM lead_status s
        LEFT JOIN (SELECT status, count(*) FILTER (since < {_BOUNDS[0]} AND until >= {_BOUNDS[0]}) AS started,
            count(*) FILTER (until >= {_BOUNDS[1]}) AS ended
            FROM lead_span WHERE since < {_BOUNDS[1]} GROUP BY 1) a ON a.status = s.no
        LEFT JOIN (SELECT status, count(DISTINCT lead) AS n FROM lead_span
            WHERE since >= {START} AND since < {_BOUNDS[1]} GROUP BY 1) e ON e.status = s.no
        LEFT JOIN (SELECT previous, count(DISTINCT lead) AS n FROM lead_span
            WHERE since >= {START} AND since < {_BOUNDS[1]} GROUP BY 1) l ON l.previous = s.no ORDER BY s.no
    """,
    "custom": f"""
        SELECT coalesce(sum(duration), 0) FROM range(({START // DAY} + 3) // 7, ({END // DAY} + 9) // 7) w(week)
        LEFT JOIN (SELECT (happened // {DAY} + 3) // 7 AS week, duration FROM call WHERE lead IS NOT NULL
            AND happened >= {START} AND happened < {END}) USING (week) GROUP BY week ORDER BY week
    """,
    "funnel stages": f"""
        WITH cohort AS (SELECT no, annualized FROM opportunity WHERE created >= {START} AND created < {END}),
        stay AS (SELECT c.no, c.annualized, s.status,
                last_value(CASE WHEN s.status < 4 THEN s.status END IGNORE NULLS)
                OVER (PARTITION BY c.no ORDER BY s.since, s.place) AS stage
            FROM cohort c JOIN opportunity_span s ON s.opportunity = c.no),
        one AS (SELECT no, any_value(annualized) AS value, min(status) FILTER (status < 4) AS f,
            max(status) FILTER (status < 4) AS m, list(DISTINCT stage) FILTER (status = 4) AS lost
            FROM stay GROUP BY no)
        SELECT count(*), sum(value), count(*) FILTER (m > k), count(*) FILTER (list_contains(lost, k))
        FROM range(4) t(k) JOIN one ON f <= k AND m >= k GROUP BY k ORDER BY k
    """,
}

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
    "funnel stages": "SELECT (SELECT sum(no + annualized) FROM opportunity "
    f"WHERE created >= {START} AND created < {END}), "
    "(SELECT sum(opportunity + status) + min(since) FROM opportunity_span)",
}
"""The columns each report needs, read and added up."""


def by_duckdb(folder: Path) -> Callable[[str], Rows]:
    """Runs a statement of ``DUCKDB``."""
    connection = duckdb.connect(str(folder / "store.duckdb"), read_only=True)
    return lambda case: connection.execute(DUCKDB[case]).fetchall()


def by_scan(folder: Path) -> Callable[[str], Rows]:
    """Runs a statement of ``SCAN``; the rows mean nothing."""
    connection = duckdb.connect(str(folder / "store.duckdb"), read_only=True)
    return lambda case: connection.execute(SCAN[case]).fetchall()


def by_polars(folder: Path) -> Callable[[str], Rows]:
    """Runs a function of this module on lazily read Parquet files."""
    return lambda case: _POLARS[case](lambda table: pl.scan_parquet(folder / f"{table}.parquet"))


def by_pandas(folder: Path) -> Callable[[str], Rows]:
    """Runs a function of this module; the needed columns of the Parquet files are read each time."""
    return lambda case: _PANDAS[case](
        lambda table, *names: pd.read_parquet(folder / f"{table}.parquet", columns=[*names])
    )


Lazy = Callable[[str], pl.LazyFrame]
_AT = pl.col("ts").is_between(START, END, closed="left")
_SENT = (pl.col("direction") == "outgoing") & (pl.col("status") == "sent")


def _polars_activity(table: Lazy, key: pl.Expr, keys: pl.LazyFrame) -> Rows:
    calls = table("call").filter(_AT & (pl.col("direction") == "outbound"))
    calls = calls.group_by(key.alias("key")).agg(pl.len().alias("n"), pl.col("duration").sum().alias("s"))
    emails = table("email").filter(_AT & _SENT).group_by(key.alias("key")).agg(pl.len().alias("e"))
    joined = keys.join(calls, on="key", how="left").join(emails, on="key", how="left")
    rows: Rows = joined.with_columns(pl.col("n", "s", "e").fill_null(0)).collect().rows()
    return rows


def _polars_overview(table: Lazy) -> Rows:
    days = pl.LazyFrame({"key": range(START // DAY, END // DAY)}, schema={"key": pl.Int64})
    return [row[1:] for row in sorted(_polars_activity(table, pl.col("ts") // DAY, days))]


def _polars_comparison(table: Lazy) -> Rows:
    users = table("user_account").select(pl.col("no").alias("key"), "id")
    return sorted(row[1:] for row in _polars_activity(table, pl.col("user_no"), users))


def _polars_emails(table: Lazy) -> Rows:
    counts = (pl.len(), pl.col("opened").sum(), pl.col("has_reply").sum())
    return sorted(
        table("email").filter(_AT & _SENT).group_by(pl.col("template").fill_null("")).agg(*counts).collect().rows()
    )


def _polars_statuses(table: Lazy) -> Rows:
    spans = table("lead_span").filter(pl.col("since") < _BOUNDS[1])
    at = [(pl.col("since") < bound) & (pl.col("until") >= bound) for bound in _BOUNDS]
    ons = [spans.filter(on).group_by("status").agg(pl.len()).collect().rows() for on in at]
    moved = spans.filter(pl.col("since") >= START)
    went = [moved.group_by(column).agg(pl.col("lead").n_unique()).collect().rows() for column in ("status", "previous")]
    counts = [dict(rows) for rows in (*ons, *went)]
    return [tuple(count.get(no, 0) for count in counts) for no in range(4)]


def _polars_custom(table: Lazy) -> Rows:
    calls = table("call").filter(
        pl.col("happened").is_between(START, END, closed="left") & pl.col("lead").is_not_null()
    )
    week = ((pl.col("happened") // DAY + 3) // 7).alias("week")
    return [(total,) for _, total in sorted(calls.group_by(week).agg(pl.col("duration").sum()).collect().rows())]


def _polars_funnel(table: Lazy) -> Rows:
    cohort = table("opportunity").filter(pl.col("created").is_between(START, END, closed="left"))
    spans = table("opportunity_span").join(
        cohort.select(pl.col("no").alias("opportunity"), "annualized"), on="opportunity"
    )
    stage = pl.when(pl.col("status") < 4).then(pl.col("status"))
    stays = spans.sort("since", "place").with_columns(
        stage.alias("stage"), stage.forward_fill().over("opportunity").alias("last")
    )
    one = (
        stays.group_by("opportunity")
        .agg(
            pl.col("annualized").first(),
            pl.col("stage").min().alias("f"),
            pl.col("stage").max().alias("m"),
            pl.col("last").filter(pl.col("status") == 4).alias("lost"),
        )
        .collect()
    )
    found = []
    for k in range(4):
        there = one.filter((pl.col("f") <= k) & (pl.col("m") >= k))
        lost = there.filter(pl.col("lost").list.contains(k)).height
        found.append((there.height, there["annualized"].sum(), there.filter(pl.col("m") > k).height, lost))
    return found


_POLARS: dict[str, Callable[[Lazy], Rows]] = {
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


def _pandas_activity(read: Frames, key: Callable[[pd.DataFrame], pd.Series], keys: list[int]) -> Rows:
    calls = _between(read("call", "ts", "user_no", "direction", "duration"))
    calls = calls[calls["direction"] == "outbound"]
    emails = _between(read("email", "ts", "user_no", "direction", "status"))
    emails = emails[(emails["direction"] == "outgoing") & (emails["status"] == "sent")]
    durations = calls["duration"].groupby(key(calls))
    columns = [durations.size(), durations.sum(), emails.groupby(key(emails)).size()]
    return [tuple(column.reindex(keys, fill_value=0).loc[each] for column in columns) for each in keys]


def _pandas_overview(read: Frames) -> Rows:
    return _pandas_activity(read, lambda frame: frame["ts"] // DAY, [*range(START // DAY, END // DAY)])


def _pandas_comparison(read: Frames) -> Rows:
    users = read("user_account", "no", "id")
    rows = _pandas_activity(read, lambda frame: frame["user_no"], users["no"].tolist())
    return sorted((user, *row) for user, row in zip(users["id"], rows, strict=True))


def _pandas_emails(read: Frames) -> Rows:
    emails = _between(read("email", "ts", "direction", "status", "template", "opened", "has_reply"))
    emails = emails[(emails["direction"] == "outgoing") & (emails["status"] == "sent")]
    grouped = emails.groupby(emails["template"].fillna(""))[["opened", "has_reply"]]
    return [
        (key, n, *sums)
        for key, n, sums in zip(grouped.size().index, grouped.size(), grouped.sum().to_numpy(), strict=True)
    ]


def _pandas_statuses(read: Frames) -> Rows:
    spans = read("lead_span", "lead", "since", "until", "status", "previous")
    spans = spans[spans["since"] < _BOUNDS[1]]
    ons = [spans[(spans["since"] < bound) & (spans["until"] >= bound)].groupby("status").size() for bound in _BOUNDS]
    moved = spans[spans["since"] >= START]
    counts = [*ons, *(moved.groupby(column)["lead"].nunique() for column in ("status", "previous"))]
    return [tuple(count.get(no, 0) for count in counts) for no in range(4)]


def _pandas_custom(read: Frames) -> Rows:
    calls = _between(read("call", "happened", "lead", "duration"), "happened").dropna(subset=["lead"])
    return [(total,) for total in calls.groupby((calls["happened"] // DAY + 3) // 7)["duration"].sum()]


def _pandas_funnel(read: Frames) -> Rows:
    cohort = _between(read("opportunity", "no", "created", "annualized"), "created")
    spans = read("opportunity_span", "opportunity", "place", "since", "status").merge(
        cohort, left_on="opportunity", right_on="no"
    )
    spans = spans.sort_values(["since", "place"])
    spans["stage"] = spans["status"].where(spans["status"] < 4)
    spans["last"] = spans.groupby("opportunity")["stage"].ffill()
    one = spans.groupby("opportunity").agg(value=("annualized", "first"), f=("stage", "min"), m=("stage", "max"))
    lost = spans[spans["status"] == 4]
    found = []
    for k in range(4):
        there = one[(one["f"] <= k) & (one["m"] >= k)]
        gone = lost.loc[lost["last"] == k, "opportunity"].nunique()
        found.append((len(there), there["value"].sum(), int((there["m"] > k).sum()), gone))
    return found


_PANDAS: dict[str, Callable[[Frames], Rows]] = {
    "activity overview": _pandas_overview,
    "activity comparison": _pandas_comparison,
    "sent_emails": _pandas_emails,
    "statuses/lead": _pandas_statuses,
    "custom": _pandas_custom,
    "funnel stages": _pandas_funnel,
}

BY = {"duckdb": by_duckdb, "polars": by_polars, "pandas": by_pandas, "scan": by_scan}
