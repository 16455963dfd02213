"""What a bundle and a sub-item hold, and who may see it.

``access`` is the one way to a bundle, a sub-item or their contents; it demands a purpose and records the reading. ``window`` says
what a clerk reaches because it was entered at their site. ``sealed_form`` opens the form, ``department_view`` gives a department its own
record of it and nothing else.
"""
