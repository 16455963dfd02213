"""Mandates (授权): who may act for a person, how such a right comes about, and how it ends.

Given online by a one-time code, recorded at a window from paper, or read from a register (parents). Whether somebody may act is asked anew at
every request and held until what they do is written (`standing`); the person acted for hears of every step and may stop it (`activities`).
"""
