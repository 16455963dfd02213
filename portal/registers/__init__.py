"""Sandbox registers: a small process beside the demo site that answers as other departments' registers would, about made-up people and companies.

`make run` starts it on a port of its own (`python -m portal.registers`); no real deployment has it. Every question is signed, and it can be
told to be slow, down, wrong, contradictory or worse: `python -m portal.registers.tell VAR/registers.json population slow:5`.
"""
