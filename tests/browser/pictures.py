"""The pictures of the manual, taken of the sample organization: ``make pictures`` (needs Chromium).

Each is the top of a digest as one reader sees it. They are looked at and committed by a person; no test compares them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
AS_OF = "2026-11-23T07:02:00-05:00"
HEIGHT = 1500
"""Most pixels of a page that are shown."""

Scheme = Literal["light", "dark"]

SHOTS: tuple[tuple[str, str, int, Scheme], ...] = (
    ("web-desktop-light", "html", 1100, "light"),
    ("web-desktop-dark", "html", 1100, "dark"),
    ("web-phone-light", "html", 390, "light"),
    ("web-phone-dark", "html", 390, "dark"),
    ("email-phone-light", "mail", 390, "light"),
    ("email-phone-dark", "mail", 390, "dark"),
    ("email-desktop-light", "mail", 700, "light"),
    ("email-without-styles", "bare", 390, "light"),
    ("text", "text", 760, "dark"),
)
"""Name, what is shown, width, colour scheme."""


def main() -> None:
    """Make the digests and take the pictures."""
    with tempfile.TemporaryDirectory(prefix="runner-pictures-") as temporary:
        folder = Path(temporary)
        definition = (ROOT / "reports" / "whole-picture.yaml").read_text(encoding="utf-8")
        (folder / "reports").mkdir()
        written = definition.replace("formats: [html, md, csv, txt]", "formats: [html, eml, txt]")
        assert "eml" in written
        (folder / "reports" / "whole-picture.yaml").write_text(written, encoding="utf-8")
        call = [sys.executable, "-m", "runner", "run", "--as-of", AS_OF, "--project", str(folder)]
        subprocess.run(call, cwd=ROOT, check=True)
        (made,) = folder.glob("out/whole-picture/*")
        pages = _pages(made, folder)
        PICTURES.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            for name, what, width, scheme in SHOTS:
                _take(browser, pages[what], PICTURES / f"{name}.png", width, scheme)
            browser.close()


def _pages(made: Path, folder: Path) -> dict[str, Path]:
    """The digest's forms as pages that a browser opens."""
    message = message_from_bytes((made / "digest.eml").read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None
    mail = body.get_content()
    bare = re.sub(r'\sclass="[^"]*"', "", re.sub(r"<style.*?</style>", "", mail, flags=re.DOTALL))
    text = (made / "digest.txt").read_text(encoding="utf-8").replace("&", "&amp;").replace("<", "&lt;")
    terminal = f'<body style="background:#16181d;color:#e9edf3"><pre style="font:14px/1.35 monospace">{text}</pre>'
    pages = {"mail": mail, "bare": bare, "text": terminal}
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(f'<meta charset="utf-8">{page}', encoding="utf-8")
    return {"html": made / "digest.html", **{name: folder / f"{name}.html" for name in pages}}


def _take(browser: Browser, page: Path, file: Path, width: int, scheme: Scheme) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    shown = context.new_page()
    shown.goto(page.as_uri())
    tall = min(HEIGHT, int(shown.evaluate("document.documentElement.scrollHeight")))
    shown.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
    context.close()


if __name__ == "__main__":
    main()
