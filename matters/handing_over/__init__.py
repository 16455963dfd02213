"""Departments that keep a system of their own: what is handed over to it, what it says became of it, and what differs.

``pushing`` sends a sub-item once, ``events`` applies what the system says, by callback or fetched by a cursor, ``comparing`` lists each day what
differs. Whatever a system does goes through the one table of transitions; what it does not answer in time a person handles.
"""
