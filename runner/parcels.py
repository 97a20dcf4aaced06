"""A digest as parcels: what goes over each channel to each recipient, decided and made before anything is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from runner import render
from runner.deliver import letter, notices
from runner.editions import Edition
from runner.model import (
    FAILURE,
    Delivery,
    Digest,
    Document,
    FailedSection,
    Key,
    Mailbox,
    Parcel,
    Policy,
    Row,
    Section,
    Spec,
    State,
    Unit,
)
from runner.render import hook, slack
from runner.render.view import View

Verdict: TypeAlias = tuple[State, str]
"""What is decided of a digest before anything is sent: ``planned``, or why it is ``skipped`` or ``deferred``."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """One thing to deliver: which edition of a digest, or the notice of its failure, which way, to whom."""

    key: Key
    delivery: Delivery
    edition: Edition
    notice: bool = False


def addressed(spec: Spec, editions: tuple[Edition, ...], occasion: str) -> Iterator[Addressed]:
    """Everything that the definition has delivered, in its order; notices only where a job failed.

    Where each member gets a digest and the members are not known, nobody gets one.
    """
    for edition in editions if not spec.for_each else [each for each in editions if each.member]:
        for delivery in spec.deliver:
            for recipient in _recipients(delivery, edition):
                yield Addressed(Key(edition.report, occasion, delivery.via, recipient), delivery, edition)
    failed = next((edition for edition in editions if failures(edition.digest)), None)
    if failed:
        for delivery in spec.on_failure:
            for recipient in delivery.to or (delivery.via,):
                yield Addressed(Key(spec.name + FAILURE, occasion, delivery.via, recipient), delivery, failed, True)


def _recipients(delivery: Delivery, edition: Edition) -> tuple[str, ...]:
    if delivery.kind != "email":
        return (delivery.via,)
    return delivery.to or edition.addresses or (edition.member,)


def failures(digest: Digest) -> tuple[FailedSection, ...]:
    """The jobs without numbers."""
    return tuple(section for section in digest.sections if isinstance(section, FailedSection))


def verdict(spec: Spec, digest: Digest) -> Verdict:
    """What becomes of a digest by its definition's ``on_partial`` and ``when_empty``."""
    failed = failures(digest)
    if failed and spec.on_partial == "hold":
        return State.DEFERRED, f"held back: job {', '.join(section.job for section in failed)} failed"
    if spec.when_empty == "skip" and not failed and not any(_numbers(digest)):
        return State.SKIPPED, "empty: every number is 0 or missing"
    return State.PLANNED, ""


def _numbers(digest: Digest) -> Iterator[object]:
    for section in digest.sections:
        for table in section.tables if isinstance(section, Section) else ():
            for row in (*table.rows, *([table.total] if table.total else [])):
                yield from (cell.value for cell in row.cells)


def fingerprint(digest: Digest) -> str:
    """A text that is the same for the same numbers, whatever the period they are of."""
    told = [
        [
            section.job,
            *(
                [table.key, [column.key for column in table.columns], *_rows(table.rows, table.head.unit)]
                for table in (section.tables if isinstance(section, Section) else ())
            ),
        ]
        for section in digest.sections
    ]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:16]


def _rows(rows: tuple[Row, ...], head: Unit) -> Iterator[object]:
    for row in rows:
        yield [row.key if head is Unit.TEXT else "", [cell.value for cell in row.cells]]


class Press:
    """The forms of one edition, each made when it is first asked for. ``own`` is the project's folder of templates."""

    def __init__(self, spec: Spec, edition: Edition, policy: Policy, own: Path | None, *, test: bool = False) -> None:
        """``test`` marks e-mails as tests."""
        self._spec, self._edition, self._policy, self._own, self._test = spec, edition, policy, own, test

    def parcel(self, one: Addressed) -> Parcel:
        """The parcel for one recipient; RunnerError where it cannot be made."""
        channel = self._policy.channels[one.delivery.via]
        digest = one.edition.digest
        made = Parcel(one.key, channel, digest.as_of, fingerprint(digest), digest.sample)
        if one.notice:
            return self._notice(made, one)
        match channel.kind:
            case "email":
                return replace(made, message=self._message(one, channel))
            case "slack":
                return replace(made, data=slack.blocks(self._view))
            case "webhook":
                return replace(made, data=hook.payload(digest, self._view))
            case "folder":
                return replace(made, files=self._files(self._spec.formats))

    @cached_property
    def _view(self) -> View:
        return render.words(self._edition.digest)

    @cached_property
    def _draft(self) -> bytes:
        (draft,) = self._files(("eml",))
        return draft.content

    def _files(self, formats: tuple[str, ...]) -> tuple[Document, ...]:
        return render.documents(self._edition.digest, formats, self._own)

    def _message(self, one: Addressed, mailbox: Mailbox) -> bytes:
        delivery, view = one.delivery, self._view
        subject = render.subject(view, delivery.subject) if delivery.subject else view.subject
        return letter.compose(
            self._draft,
            mailbox,
            one.key,
            subject=subject,
            title=view.title,
            at=one.edition.digest.as_of,
            attachments=self._files(delivery.attach),
            thread=delivery.thread,
            test=self._test,
        )

    def _notice(self, made: Parcel, one: Addressed) -> Parcel:
        """What is said where jobs failed."""
        digest, channel = one.edition.digest, made.channel
        failed, held = failures(digest), ""
        if verdict(self._spec, digest)[0] is State.DEFERRED:
            held = "The digest was held back."
        period, title = digest.period.name, digest.title
        if isinstance(channel, Mailbox):
            message = notices.notice(
                channel, one.key, title=title, period=period, failures=failed, held=held, at=digest.as_of
            )
            return replace(made, message=message)
        told = [f"{section.title}: {section.reason}" for section in failed] + ([held] if held else [])
        if channel.kind == "slack":
            return replace(made, data=slack.notice(title, period, told))
        return replace(made, data=hook.notice(digest.name, title, period, digest.as_of, told, sample=digest.sample))
