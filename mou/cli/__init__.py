"""The command line: parse, call, print."""

import sys


def main() -> None:
    """Run the program and exit: 0 done or passed, 1 failed, 2 wrong usage, 3 cannot be known.

    The help page is printed before click is loaded, so that it comes at once.
    """
    arguments = sys.argv[1:]
    if not arguments or arguments in (["--help"], ["-h"]):
        from mou.cli.language import choose_language
        from mou.cli.overview import overview

        sys.stdout.write(overview(choose_language()) + "\n")
        return
    from mou.cli.program import run

    sys.exit(run(arguments))
