"""The tests, a package of their own so that no installed package of the same name is taken for it."""
