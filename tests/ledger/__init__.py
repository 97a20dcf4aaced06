"""The ledger: what its stores promise, by themselves and to several runs at once."""
