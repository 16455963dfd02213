"""How many wrong versions of the pure core the tests notice: ``make mutate`` or ``python -m tests.mutation [module …]``."""
