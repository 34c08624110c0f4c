"""Somebody whose browser has no window: pages as forms and elements, cookies kept, an address of their own."""

import http.client
import http.cookies
import json
import re
import urllib.parse
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.browser.recording import visitor_address

REDIRECTS = {301, 302, 303, 307}
PAGES_AT_MOST = 5


@dataclass
class Form:
    """A form as a page sends it when nothing in it is touched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    """Boxes and radio buttons that are not ticked."""


class Document(HTMLParser):
    """The forms of a page, and its elements that have an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.forms: list[Form] = []
        self.by_id: dict[str, dict[str, str]] = {}
        self.metas: dict[str, str] = {}
        self._open: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.by_id[found["id"]] = found
        if tag == "meta" and "name" in found:
            self.metas[found["name"]] = found.get("content", "")
        if tag == "form":
            self._open = Form(found.get("action", ""), found.get("method", "get").lower())
            self.forms.append(self._open)
        elif tag in {"input", "textarea", "select"} and self._open is not None and "name" in found:
            self._take(self._open, found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def form(self, *names: str) -> Form:
        """Return the form that has all of these fields."""
        for one in self.forms:
            if set(names) <= {name for name, _ in (*one.fields, *one.choices)}:
                return one
        raise AssertionError(f"no form with {names} on this page: {' '.join(re.sub('<[^>]*>', ' ', self.text).split())[:1500]}")

    @staticmethod
    def _take(form: Form, found: dict[str, str]) -> None:
        kind, pair = found.get("type", "text"), (found["name"], found.get("value", ""))
        if kind in {"checkbox", "radio"} and "checked" not in found:
            form.choices.append((pair[0], pair[1] or "on"))
        elif kind != "submit":
            form.fields.append(pair)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    url: str
    body: bytes

    @property
    def page(self) -> Document:
        """The page in it."""
        return Document(self.body.decode())

    @property
    def json(self) -> dict[str, Any]:
        """The object in it."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


class Visitor:
    """One session; `site` is the address that every path begins with."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self.address = visitor_address()
        self.csrf = ""

    def ask(self, method: str, url: str, body: bytes = b"", **headers: str) -> Reply:
        """Send one request and return its reply; redirects are followed."""
        for _ in range(PAGES_AT_MOST):
            reply, target = self._ask_once(method, urllib.parse.urljoin(self.site, url), body, headers)
            if target is None:
                if reply.body.lstrip()[:9].lower() == b"<!doctype":
                    self.csrf = reply.page.metas.get("csrf", self.csrf)
                return reply
            method, url, body, headers = "GET", target, b"", {}
        raise AssertionError(f"{url}: more than {PAGES_AT_MOST} redirects")

    def send(self, page: Reply, form: Form, **values: str) -> Reply:
        """Send a form with these values in the place of what stands in it."""
        pairs = [pair for pair in form.fields if pair[0] not in values] + list(values.items())
        target = urllib.parse.urljoin(page.url, form.action)
        boundary = "visitor-boundary"
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs]
        body = "".join([*parts, f"--{boundary}--\r\n"]).encode()
        return self.ask("POST", target, body, content_type=f"multipart/form-data; boundary={boundary}")

    def post(self, url: str, content: object) -> Reply:
        """Send JSON as the page's script does."""
        return self.ask(
            "POST",
            url,
            json.dumps(content).encode(),
            content_type="application/json",
            accept="application/json",
            x_csrf_token=self.csrf,
        )

    def _ask_once(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> tuple[Reply, str | None]:
        target = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=120, source_address=(self.address, 0))
        path = urllib.parse.urlunsplit(("", "", target.path, target.query, ""))
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Accept-Language": "th", "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body or None, sent)
        answered = connection.getresponse()
        content = answered.read()
        for line in answered.msg.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in http.cookies.SimpleCookie(line).items()}
        connection.close()
        return Reply(answered.status, url, content), answered.getheader("Location") if answered.status in REDIRECTS else None
