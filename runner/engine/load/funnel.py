"""The table ``funnel_stay``: what funnels ask of the stays of opportunities, whatever their window is."""

from __future__ import annotations

from runner.engine.layout import FAR

STAYS = f"""
    INSERT INTO store.funnel_stay
    WITH stay AS (
        SELECT p.opportunity, p.place, p.since, p.until, p.status, o.user_no, o.lead, o.created, present.pipeline,
            o.annualized, o.confidence,
            CASE WHEN own.pipeline = present.pipeline AND own.type IN ('active', 'won') THEN p.status END AS stage,
            coalesce(own.pipeline = present.pipeline AND own.type = 'lost', false) AS is_loss,
            greatest(p.until, p.since + 1) AS reach
        FROM store.opportunity_span p JOIN store.opportunity o ON o.no = p.opportunity
        JOIN store.opportunity_status present ON present.no = o.status
        JOIN store.opportunity_status own ON own.no = p.status
        WHERE present.pipeline IS NOT NULL
    ), higher AS (
        SELECT a.opportunity, a.place, max(CASE WHEN b.place < a.place THEN b.reach END) AS above,
            min(CASE WHEN b.place > a.place THEN b.since END) AS onward
        FROM stay a JOIN stay b ON b.opportunity = a.opportunity AND b.stage > a.stage GROUP BY a.opportunity, a.place
    ), seen AS (
        SELECT *, last_value(stage IGNORE NULLS) OVER until_here AS last_stage,
            last_value(CASE WHEN stage IS NOT NULL THEN reach END IGNORE NULLS) OVER until_here AS last_reach,
            min(stage) OVER until_here AS low, max(stage) OVER until_here AS high
        FROM stay WINDOW until_here AS (PARTITION BY opportunity ORDER BY place)
    ), told AS (
        SELECT * EXCLUDE (stage, reach), CASE WHEN is_loss THEN last_stage ELSE stage END AS stage,
            CASE WHEN is_loss OR stage IS NOT NULL THEN last_reach END AS reach
        FROM seen
    )
    SELECT t.opportunity, t.lead, t.user_no, t.created, t.pipeline, t.annualized, t.confidence, t.since, t.until,
        t.status, t.stage, t.reach,
        lag(t.reach, 1, -{FAR}) OVER (PARTITION BY t.opportunity, t.is_loss, t.stage ORDER BY t.place),
        coalesce(h.above, -{FAR}), h.onward, t.low, t.high
    FROM told t LEFT JOIN higher h ON h.opportunity = t.opportunity AND h.place = t.place
    ORDER BY t.opportunity, t.place
"""
"""Opportunities have few stays: to look at each pair of an opportunity's is cheaper than a window for each stage."""
