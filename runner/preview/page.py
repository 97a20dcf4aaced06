"""The page round the forms: plain HTML, a few lines of script that ask whether anything has changed."""

from __future__ import annotations

from html import escape

from runner.preview.panes import Pane, Shown

STYLE = """\
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 0; padding: 12px 16px; background: Canvas; color: CanvasText; }
header { display: flex; gap: 12px; align-items: baseline; margin-bottom: 8px; }
h1, h2 { font-size: 14px; margin: 0 0 6px; }
#gone { display: none; }
.gone #gone { display: inline; color: #c0392b; }
main { display: flex; gap: 16px; align-items: flex-start; overflow-x: auto; }
figure { margin: 0; flex: none; }
iframe { display: block; border: 1px solid GrayText; background: #fff; color-scheme: light; width: 1200px;
  height: calc(100vh - 90px); min-height: 400px; }
.phone iframe { width: 390px; }
.dark iframe { color-scheme: dark; background: #000; }
.mail iframe { width: 680px; }
.text iframe { width: 720px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 100ch; padding: 12px; border-left: 4px solid #c0392b; }
"""

SCRIPT = """\
"use strict";
const shown = document.body.dataset.state;
async function look() {
  try {
    const answer = await fetch("/state", { cache: "no-store" });
    document.body.classList.remove("gone");
    if (answer.ok && (await answer.text()) !== shown) {
      location.reload();
      return;
    }
  } catch {
    document.body.classList.add("gone");
  }
  setTimeout(look, 1000);
}
setTimeout(look, 1000);
"""


def page(shown: Shown) -> str:
    """The page of one state."""
    inside = _error(shown.error) if shown.error else "".join(map(_figure, shown.panes))
    return f"""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(shown.title)}</title>
<link rel="stylesheet" href="/preview.css">
<script src="/preview.js" defer></script>
<body data-state="{escape(shown.state)}">
<header><h1>{escape(shown.title)}</h1><span id="gone">The preview has stopped.</span></header>
<main>{inside}</main>
</html>
"""


def _figure(pane: Pane) -> str:
    frame = f'<iframe sandbox src="/pane/{escape(pane.key)}" title="{escape(pane.title)}"></iframe>'
    inside = _error(pane.error) if pane.error else frame
    return f'\n<figure class="{escape(pane.key)}"><h2>{escape(pane.title)}</h2>{inside}</figure>'


def _error(said: str) -> str:
    return f'<pre role="alert">{escape(said)}</pre>'
