"""Settings, read from the environment in ``base`` alone; a real deployment refuses to start when they are weak."""
