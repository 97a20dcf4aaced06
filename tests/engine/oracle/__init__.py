"""The reports said again, in plain loops over the objects of a dump: slow, obvious, and without SQL."""
