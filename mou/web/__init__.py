"""The web pages and the HTTP interface: parse, call the workflow or `signatures`, render; no rule of its own."""
