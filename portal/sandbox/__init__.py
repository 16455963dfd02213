"""Decoding what strangers hand in, in a process that may take little memory and time: ``running`` asks, ``helper`` forks.

Each process that asks keeps one small warm helper, which forks a child for every file. The children of all helpers of a host share a few
places (``places``), so that no flood of files takes the machine, and the line before them is fair by person: where it is full, who has more
than one file in it, or has cost the most lately, gives way and is told so.
"""
