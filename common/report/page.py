"""The page of a report: title, lede, contents and sections in one HTML file that needs nothing else.

What stands in the sections is made by the other modules of this package.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from common.report.templates import environment


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a page.

    Attributes:
        heading: unique on its page; also the link target.
        blocks: markup made by this package, in order; plain strings are escaped.
        intro: one or two sentences under the heading.
    """

    heading: str
    blocks: Sequence[Markup | str]
    intro: str = ""

    @property
    def anchor(self) -> str:
        """The heading as an id in links."""
        return re.sub(r"\W+", "-", self.heading.lower()).strip("-")


def page(title: str, sections: Sequence[Section], lede: str = "", footer: str = "") -> str:
    """A whole HTML document.

    Args:
        title: heading of the page and of its tab.
        sections: in order; from three on they are listed under the title.
        lede: what the report says in one or two sentences.
        footer: versions, seeds and the like, small at the end.
    """
    templates = environment()
    style = templates.get_template("style.css").render()
    return templates.get_template("page.html").render(
        title=title, sections=sections, lede=lede, footer=footer, style=Markup(style)
    )
