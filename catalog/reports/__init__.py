"""报错: what readers say is wrong in a guide, the department that answers for it, and the answer."""
