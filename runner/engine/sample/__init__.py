"""An invented sales organization, alive at any instant: a dump to try reports on, without an account or a key."""

from runner.engine.sample.dump import write

__all__ = ["write"]
