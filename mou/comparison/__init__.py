"""Two texts compared article by article: what a rectification corrects, what an amendment changes, what came back in a draft."""
