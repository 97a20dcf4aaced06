"""The embedded engine: a server of the Reporting API over exported data."""
