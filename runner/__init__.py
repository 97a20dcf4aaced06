"""Declarative report definitions for Close CRM, and an engine that implements its Reporting API."""

__version__ = "0.1.0"
