"""Running the whole site on one machine: environment, system parts, and web, worker and beat as one group."""
