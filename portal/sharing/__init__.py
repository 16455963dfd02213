"""What the government knows already: who may be asked for what, with whose consent or by which law, and what was answered.

A page says only what a row proves. A value that was filled in and a paper that need not be handed in lead to a `Fetch`: who was asked, when,
under which consent or legal ground, what the answer was. This floor knows persons and departments, never a draft or a bundle: whoever asks names its case
by a UUID, and keeps what follows from the answer.
"""
