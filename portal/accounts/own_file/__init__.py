"""我的档案: what is kept about oneself, who has read it, and a copy of it to take along."""
