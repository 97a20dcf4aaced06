"""Where a digest goes. Now: a folder."""
