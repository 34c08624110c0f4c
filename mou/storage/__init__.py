"""Where the workflow keeps what it knows: tables and migrations, the store over them, files by digest."""
