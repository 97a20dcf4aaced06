"""A digest as parcels: what goes over each channel to each recipient, ready to be sent."""

from __future__ import annotations
