"""Decoding what strangers hand in, in a process that may take little memory and time: ``running`` asks, ``helper`` forks.

Each process that asks keeps one small warm helper, which forks a child for every file. The children of all helpers of a host share a few
places (``places``), so that no flood of files takes the machine; whoever finds the queue full is told so at once.
"""
