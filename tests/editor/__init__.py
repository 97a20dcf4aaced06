"""What editors and CI services say of our files; ``make editor`` gets them."""
