"""A look at a real organization: does it still speak the API as we know it?

``python -m tests.live`` (``make live``) asks every endpoint once and writes a report of its structure. It is no part of
``make test``, and never runs where there is no key.
"""
