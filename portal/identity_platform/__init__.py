"""A sandbox identity platform: a real OpenID provider (django-allauth's own) beside the demo site, whose users are the made-up people of the sandbox registers.

`make run` starts it on a port of its own (`python -m portal.identity_platform`); no real deployment has it. It keeps its few rows in a SQLite
file below VAR and shares nothing with the site: the two speak OpenID Connect.
"""
