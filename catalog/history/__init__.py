"""The history of every definition: in what changes are made (`recording`), and how they are told (`timeline`)."""
