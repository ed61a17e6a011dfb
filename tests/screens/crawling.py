"""Somebody who reads everything he can reach, by HTTP: quicker than a browser, and nothing is drawn."""

from __future__ import annotations

import re
import string
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.screens.live import Live, totp

LINK = re.compile(r'(?:href|src|data-[\w-]*url)="([^"#]+)')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CARD = re.compile(r'<button[^>]*name="engagement"[^>]*value="([^"]+)"[^>]*>(.*?)</button>', re.DOTALL)
# Pages that go on and on: the log of everybody grows while it is read.
PAGES_OF_ONE = 3


@dataclass(frozen=True)
class Page:
    """What came back for one address."""

    url: str
    status: int
    headers: bytes
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def links(self) -> list[str]:
        """List the addresses of this site that the page names, and the one it sends on to."""
        sent_on = re.findall(r"(?mi)^location: (\S+)", self.headers.decode("latin-1"))
        found = [unescape(link) for link in LINK.findall(self.text)] + sent_on
        paths = [urlsplit(link) for link in found]
        return [
            path.path + (f"?{path.query}" if path.query else "")
            for path in paths
            if not path.netloc or path.netloc.startswith("localhost")
            if path.path.startswith("/") and not path.path.startswith("/static/")
        ]


@dataclass
class Reader:
    """Somebody logged in, in one capacity, with everything he has read. One connection, kept open."""

    live: Live
    who: str
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    read: dict[str, Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # By number: a bare system may know no host names at all.
        self.host = urlsplit(self.live.url)
        self.line = HTTPConnection("127.0.0.1", self.host.port, timeout=30)

    def send(self, path: str, data: dict[str, str] | None = None) -> Page:
        """Ask one address, or post to it, without following where it leads."""
        headers = {"Host": self.host.netloc, "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            headers["Cookie"] = "; ".join(
                f"{cookie.key}={cookie.coded_value}" for cookie in self.cookies.values()
            )
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request("GET" if data is None else "POST", path, urlencode(data) if data else None, headers)
        answer = self.line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        sent = [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() != "set-cookie"]
        return Page(path, answer.status, "\n".join(sent).encode("latin-1"), answer.read())

    def post(self, path: str, form: Page, **data: str) -> Page:
        token = TOKEN.search(form.text)
        assert token, f"no form on {form.url}"
        return self.send(path, {"csrfmiddlewaretoken": token[1], **data})

    def log_in(self) -> Reader:
        """Log in with password and code. The code of now may have been used; its neighbours count, too."""
        username, _, role = self.who.partition("/")
        account = self.live.logins[username]
        form = self.send("/inloggen/")
        password = str(account["password"])
        answer = self.post("/inloggen/", form, login=username, password=password)
        assert answer.links() == ["/inloggen/code/"], f"{username}: {answer.status}"
        for later in (-30, 0, 30):
            form = self.send("/inloggen/code/")
            answer = self.post(
                "/inloggen/code/", form, code=totp(account["totp_secret"], time.time() + later)
            )
            if answer.status == 302:
                break
        assert answer.status == 302, f"{username}: no code was taken"
        self.choose(role)
        return self

    def choose(self, role: str) -> None:
        """Choose a capacity where there is a choice; one alone is taken by itself."""
        page = self.send("/hoedanigheid/")
        if page.status == 200 and role:
            cards = {value: re.sub(r"<[^>]+>", " ", words) for value, words in CARD.findall(page.text)}
            chosen = next(value for value, words in cards.items() if role in words.lower())
            assert self.post("/hoedanigheid/", page, engagement=chosen).status == 302

    def crawl(self) -> None:
        """Read every page that a link leads to, and every dossier that a search finds."""
        waiting = ["/", "/zoeken/", "/hoedanigheid/", "/sessies/", *self.found_by_searching()]
        of_path: dict[str, int] = {}
        while waiting:
            path = waiting.pop()
            bare = path.partition("?")[0]
            if path in self.read or of_path.get(bare, 0) >= PAGES_OF_ONE or bare == "/uitloggen/":
                continue
            of_path[bare] = of_path.get(bare, 0) + 1
            self.read[path] = page = self.send(path)
            waiting += page.links()
        self.line.close()  # left open, the server hangs up; the next request opens it again

    def found_by_searching(self) -> list[str]:
        """Search by every first letter. What a hit shows is read, too."""
        form, links = self.send("/zoeken/"), []
        if form.status != 200 or not TOKEN.search(form.text):
            return []
        for letter in string.ascii_lowercase:
            page = self.post("/zoeken/", form, q=letter)
            self.read[f"zoeken: {letter}"] = page
            links += page.links()
        return links
