"""Running pyHanko's asynchronous functions from ordinary ones, inside an event loop too."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")


def run(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Return what the coroutine gives.

    Where this thread runs an event loop already, the work runs in a thread of its own, and the loop waits: a web server
    calls this from a worker thread, not from its loop.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
