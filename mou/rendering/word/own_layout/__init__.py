"""A house's own Word file: its tags, filled through docxtpl, with places for signatures."""
