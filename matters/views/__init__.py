"""Pages of applications: the four steps, progress and corrections, the reviewers' queue and case, the counter."""
