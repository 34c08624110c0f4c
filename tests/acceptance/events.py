"""The two source events as complete, invented examples: their workspaces, made with the real program."""

import shutil
from pathlib import Path

from mou.templates import bundled_templates_folder
from tests.acceptance.conftest import Answer, RunMou

NETWORK = bundled_templates_folder() / "lanna-charter" / "example"
CITIES = bundled_templates_folder() / "child-friendly-city-mou" / "example"
CITIES_CHARTER = Path(__file__).parents[1] / "data" / "pilot-areas-charter"
PAPERS_OF_THE_NETWORK = NETWORK / "instruments-sample.csv"
PAPERS_OF_THE_CITIES = CITIES_CHARTER / "instruments-sample.csv"
CEREMONY_OF_THE_NETWORK, CEREMONY_OF_THE_CITIES = "2022-03-29", "2017-09-13"


def network_with_adopted_text(folder: Path, run_mou: RunMou) -> Path:
    """A workspace of the network as on the evening before the papers come in: lists, charter, adoption."""
    workspace = folder / "network"
    done(run_mou("init", workspace, "--name", "เครือข่ายตัวอย่าง", "--origin", "example.org/network"))
    shutil.copyfile(NETWORK / "ceremony.toml", workspace / "ceremony.toml")
    for listed in ("organisations.csv", "youth-groups.csv", "later-members-sample.csv"):
        done(run_mou("organisations", "import", NETWORK / listed, "-w", workspace))
    done(run_mou("generate", "lanna-charter", "--list", "organisations", "-w", workspace))
    votes = ("--present", "on_site=11", "--present", "online=8", "--in-favour", "19")
    done(run_mou("charter", "adopt", "lanna-charter", "--on", CEREMONY_OF_THE_NETWORK, *votes, "-w", workspace))
    return workspace


def cities_with_adopted_text(folder: Path, run_mou: RunMou) -> Path:
    """A workspace of the pilot areas with the small invented charter of the tests, adopted."""
    workspace = folder / "cities"
    done(run_mou("init", workspace, "--name", "โครงการตัวอย่าง", "--origin", "example.org/cities"))
    shutil.copyfile(CITIES / "ceremony.toml", workspace / "ceremony.toml")
    shutil.copytree(CITIES_CHARTER, workspace / "templates" / CITIES_CHARTER.name)
    done(run_mou("organisations", "import", CITIES / "pilot-areas-sample-signers.csv", "-w", workspace))
    done(run_mou("generate", CITIES_CHARTER.name, "-w", workspace))
    votes = ("--present", "on_site=6", "--in-favour", "6")
    done(run_mou("charter", "adopt", CITIES_CHARTER.name, "--on", CEREMONY_OF_THE_CITIES, *votes, "-w", workspace))
    return workspace


def done(answer: Answer) -> Answer:
    """The answer of a command that had to succeed."""
    assert answer.code == 0, answer.stdout + answer.stderr
    return answer
