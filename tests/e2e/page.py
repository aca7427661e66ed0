"""HTML pages of reports, as a reader without sight or script meets them."""
import html.parser


class Page(html.parser.HTMLParser):
    """Ids, links, the text of row labels, all tags, and what is wrong with a page."""

    VOID = {"meta", "img"}

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.labels, self.tags, self.faults = [], [], [], [], []
        self.open, self.in_label = [], False
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.faults += [f"{link} leads nowhere" for link in self.links
                        if link.startswith("#") and link[1:] not in self.ids]
        if len(self.ids) > len(set(self.ids)):
            self.faults.append("an id stands twice")
        if "script" in self.tags:
            self.faults.append("a script")
        if self.tags.count("table") != self.tags.count("caption"):
            self.faults.append("a table without caption")

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        for name, needed in (("th", "scope"), ("svg", "aria-label"), ("img", "alt")):
            if tag == name and not values.get(needed):
                self.faults.append(f"a <{tag}> without {needed}")
        if tag == "th" and values.get("scope") == "row":
            self.labels.append("")
            self.in_label = True

    def handle_endtag(self, tag):
        self.in_label &= tag != "th"
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes something else")

    def handle_data(self, data):
        if self.in_label:
            self.labels[-1] += data
