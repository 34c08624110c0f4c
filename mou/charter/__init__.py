"""The charter as a depositary sees it: final clauses as data, from which every status is computed."""
