"""Deliveries that are killed, starved of disk or run side by side: nothing twice, nothing lost, every doubt said."""
