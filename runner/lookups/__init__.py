"""Names of people and things, and the IDs behind them. Contract section 9.

``wanted`` finds the names in a definition, ``directory`` says what to ask for and reads who and what there is,
``names`` finds the one thing that a name means, ``pins`` puts IDs in the place of names, ``lock`` is the text of
``runner.lock`` and ``changes`` what differs in it. Nothing here asks.
"""

from runner.lookups.directory import shown

__all__ = ["shown"]
