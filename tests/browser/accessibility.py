"""axe-core, which judges a page as it stands; a page's content security policy does not concern it.

Scripts that come through the browser's debugging channel are not subject to the policy, so the page is judged with the very
policy that people get.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "data" / "axe" / "axe.min.js"
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def findings_of(page: "Page") -> list[str]:
    """Return one line for each element that breaks a rule: rule, what is wrong, where, in what markup."""
    channel = page.context.new_cdp_session(page)
    channel.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    question = f"axe.run(document, {json.dumps(OPTIONS)}).then(JSON.stringify)"
    answer = channel.send("Runtime.evaluate", {"expression": question, "awaitPromise": True, "returnByValue": True})
    channel.detach()
    assert "exceptionDetails" not in answer, answer
    found = json.loads(answer["result"]["value"])
    assert found["testEngine"]["name"] == "axe-core"
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}; {' '.join(map(str, node['target']))}; {node['html'][:160]}; "
        f"{node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def require_accessible(page: "Page") -> None:
    """Fail with every element that breaks a rule."""
    findings = findings_of(page)
    assert not findings, f"{page.title()}: {len(findings)} findings\n" + "\n".join(findings)
