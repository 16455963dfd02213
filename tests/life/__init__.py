"""``make life``: whole lives of applications on a running site, over HTTP, and what each costs."""
