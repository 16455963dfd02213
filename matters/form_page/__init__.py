"""The one merged form as a page: its skeleton rendered once per version, answers and language, then filled for each visit.

``fields`` says how each field is asked, ``skeleton`` renders what is the same for everybody and cuts it at its slots, ``filling`` puts one
draft's values, errors and known facts into the slots, ``posted`` reads what comes back.
"""
