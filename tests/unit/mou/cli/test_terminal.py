"""What commands print: names and files come from outside, and none of them may steer the terminal of who reads about them."""

import pytest

from mou.cli.failures import show_failure
from mou.cli.terminal import echo, echo_message, printable
from mou.errors import InputError
from signatures.messages import say

STEERING = "มูลนิธิ\x1b[2J\u202eเด็ก\r\nปลอม"
SHOWN = "มูลนิธิ\ufffd[2J\ufffdเด็ก\ufffd\ufffdปลอม"


@pytest.mark.parametrize("text", ["มูลนิธิ\u200bเพื่อนเด็ก", "12\u00a0ปี", "A&B <x> “บ้าน” 👍"])
def test_text_that_steers_nothing_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_sentences_and_refusals_show_what_a_terminal_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    echo("en", "{name}: done", name=STEERING)
    echo_message("en", say("{name}: done", name=STEERING), indent="  ")
    show_failure(InputError("{name}: wrong", name=STEERING, problems=(say("row 2: {name}", name=STEERING),)), "en")
    printed = capsys.readouterr()
    assert printed.out == f"{SHOWN}: done\n  {SHOWN}: done\n"
    assert printed.err == f"mou: {SHOWN}: wrong\n  - row 2: {SHOWN}\n"
