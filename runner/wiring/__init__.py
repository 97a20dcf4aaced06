"""Choose the world: which files, which service, which secrets. The environment is read here and nowhere below."""
