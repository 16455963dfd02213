"""Conditions as data: the language, its values, and the forms it is read and written in. Pure."""
