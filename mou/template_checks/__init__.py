"""A template looked at before anybody signs what it makes: filled with examples, read, laid out, and judged rule by rule."""
