"""The one merged form as a page: its skeleton rendered once per version, answers and language, then filled for each visit."""
