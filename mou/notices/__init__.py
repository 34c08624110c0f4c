"""A notice of the depositary on paper: its words, its page, its PDF, and the check of one that somebody holds."""
