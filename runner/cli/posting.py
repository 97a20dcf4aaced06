"""What ``send`` and ``run --send`` do once there are digests, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from runner import result, sending
from runner.cli import accounts, progress, story
from runner.cli.options import Options, Selection
from runner.cli.outputs import Outputs
from runner.errors import StoppedError, UsageError
from runner.ledger import LedgerError
from runner.model import OPEN, Delivery, Entry, Key, LedgerAt, Plan, Receipt, Spec, State
from runner.sending import Mailing, Outbox, Tally
from runner.wiring import ledger, post, project
from runner.wiring.project import Home

FAILED, INTERRUPTED = LedgerError.exit_code, StoppedError.exit_code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said of sending: to whom in place of everybody (a test), or only say what would be sent."""

    to: str | None = None
    dry_run: bool = False


def kept(
    options: Options,
    selection: Selection,
    period: str | None,
    output: Path | None,
    wanted: Wanted,
    *,
    outputs: Outputs,
) -> int:
    """Deliver the digests that a run has kept. The exit code."""
    where = project.home(options.project)
    folder = output or where.output
    specs = [spec for spec in story.definitions(options, where, selection, outputs.warning) if delivers(spec, wanted)]
    if not specs:
        raise UsageError("none of the definitions says `deliver`: there is nothing to send")
    found = [result.read(result.find(folder / spec.name, period)) for spec in specs]
    mailings = [Mailing(plan, one.file) for plan, one in zip(story.recalled(where, specs, found), found, strict=True)]
    with progress.bars() as screen:
        tell = screen.result if outputs.plain else screen.say
        return deliver(options, where, mailings, wanted, screen, tell=tell, heard=heard(outputs, mailings))


def delivers(spec: Spec, wanted: Wanted) -> bool:
    """Whether anything of the definition may be sent: of each, where all goes to one address."""
    return bool(spec.deliver or spec.on_failure or wanted.to)


def heard(outputs: Outputs, mailings: Collection[Mailing]) -> sending.Told:
    """What tells a command's outputs what became of each delivery."""
    specs = {each.plan.spec.name: each.plan.spec for each in mailings}

    def hear(key: Key, receipt: Receipt) -> None:
        outputs.delivery(accounts.delivered(key, receipt, specs))

    return hear


def mailing(plan: Plan, output: Path) -> Mailing:
    """What a run has just written."""
    return Mailing(plan, output / plan.spec.name / plan.period.name / result.FILE)


def ready(where: Home, specs: Collection[Spec], wanted: Wanted) -> None:
    """UsageError where something that sending needs is missing; so it is told before anything is asked."""
    post.ways(where.root, where.project.policy, _channels([_tested(spec, where, wanted) for spec in specs]))


def deliver(
    options: Options,
    where: Home,
    mailings: Collection[Mailing],
    wanted: Wanted,
    screen: progress.Screen,
    *,
    tell: Callable[[str], None],
    heard: sending.Told = lambda *_: None,
) -> int:
    """Deliver, and ``tell`` what became of each; ``heard`` hears the same as values. The exit code."""

    def told(key: Key, receipt: Receipt) -> None:
        tell(_line(key, receipt))
        heard(key, receipt)

    settings = where.project
    mailings = [replace(each, plan=_test(each.plan, where, wanted)) for each in mailings]
    lost = [each.plan for each in mailings if each.nobodys]
    for plan in lost:
        screen.say(f"not sent: {plan.spec.name} {plan.occasion}: who the members are is not known; run it again")
    with ExitStack() as stack:
        at, root = settings.ledger, where.root
        if wanted.to:
            at, root = LedgerAt(path="ledger.sqlite"), Path(stack.enter_context(TemporaryDirectory()))
        book = ledger.at(replace(where, root=root, project=replace(settings, ledger=at)), options.now, screen.say)
        if wanted.dry_run:
            return _rehearse(mailings, book.entries(), screen, tell)
        access = post.ways(where.root, settings.policy, _channels([each.plan.spec for each in mailings]))
        stop = stack.enter_context(post.interruptible())
        outbox = Outbox(
            access,
            settings.policy,
            settings.app_url,
            where.templates,
            clock=lambda: options.now,
            tell=told,
            stop=stop,
            test=bool(wanted.to),
        )
        tally = sending.send(mailings, stack.enter_context(book), outbox)
    screen.say(_summary(tally))
    return INTERRUPTED if tally.interrupted else FAILED if tally.failed or lost else 0


def _rehearse(
    mailings: Collection[Mailing], known: Collection[Entry], screen: progress.Screen, tell: Callable[[str], None]
) -> int:
    """Say what would be sent, without a word to anybody."""
    entries = {entry.key: entry for entry in known}
    counts: Counter[str] = Counter()
    for each, one in sending.due(mailings):
        entry = entries.get(one.key)
        receipt = sending.decided(each, one, known)
        if entry and entry.state not in OPEN:
            receipt = Receipt(entry.state, sending.since(entry))
        would = "would send" if receipt.state is State.PLANNED else receipt.state.value
        counts[would] += 1
        tell(f"{would:10}  {one.key}{f'  {receipt.reason}' if receipt.reason else ''}")
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    screen.say(f"nothing was sent: {told or 'nothing is due'}")
    return 0


def _test(plan: Plan, where: Home, wanted: Wanted) -> Plan:
    return replace(plan, spec=_tested(plan.spec, where, wanted))


def _tested(spec: Spec, where: Home, wanted: Wanted) -> Spec:
    """The definition as it is, or as one that goes to one address only, whatever is in it."""
    if not wanted.to:
        return spec
    if not where.project.policy.allows(wanted.to):
        raise UsageError(f"'{wanted.to}' may not receive digests; policy.recipients in runner.yaml says who may")
    own = next((each for each in spec.deliver if each.kind == "email"), None)
    mailboxes = [name for name, channel in where.project.policy.channels.items() if channel.kind == "email"]
    if not own and not mailboxes:
        raise UsageError("--to sends an e-mail, and runner.yaml has no channel of type email")
    delivery = own or Delivery("email", mailboxes[0], ("deliver",))
    to = replace(delivery, to=(wanted.to,))
    return replace(spec, deliver=(to,), on_failure=(), when_empty="send", send_if="always", on_partial="send")


def _channels(specs: Collection[Spec]) -> list[str]:
    return [delivery.via for spec in specs for delivery in (*spec.deliver, *spec.on_failure)]


def _line(key: Key, receipt: Receipt) -> str:
    return f"{receipt.state.value:10}  {key}{f'  {receipt.reason}' if receipt.reason else ''}"


def _summary(tally: Tally) -> str:
    told = [f"{tally.states[state]} {state.value}" for state in State if tally.states[state]]
    said = f"{tally.due} due: {', '.join(told)}" if told else "nothing is due"
    doubt = "; `runner ledger list --state uncertain` shows what nobody can say"
    remedy = doubt if tally.states[State.UNCERTAIN] else ""
    return f"{'interrupted; ' if tally.interrupted else ''}{said}{remedy}"
