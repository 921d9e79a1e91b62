#!/usr/bin/env python3
"""Whether a page of `skyledger sizing` is whole, by the parsers of Python's library.

    sizing_page.py PAGE JSON SCRIPT

The numbers in the page are those of the JSON, save the times of measuring and what the server writes by itself; the plotting script is embedded;
no element names an address, and the policy of the page forbids to fetch anything.
"""
import html.parser
import json
import sys


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.scripts, self.current, self.policy, self.addresses = {}, None, "", []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "script":
            self.current = attributes.get("id")
            self.scripts[self.current] = ""
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        self.addresses += [(tag, name) for name in attributes if name in ("src", "href", "data", "action", "srcset", "poster")]

    def handle_endtag(self, tag):
        if tag == "script":
            self.current = None

    def handle_data(self, data):
        if self.current is not None:
            self.scripts[self.current] += data


def differences(a, b, path=""):
    """Paths at which two values differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        return [d for key in sorted(set(a) | set(b)) for d in differences(a.get(key), b.get(key), f"{path}.{key}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{path}[{i}]")]
    return [] if a == b else [path]


def main():
    page_path, json_path, script_path = sys.argv[1:]
    page = Page()
    page.feed(open(page_path, encoding="utf-8").read())
    own = {".measurement.measuredAt", ".measurement.server.databaseBytes", ".measurement.server.walBytes", ".measurement.server.otherBytes"}
    differing = set(differences(json.loads(page.scripts["data"]), json.load(open(json_path, encoding="utf-8")))) - own
    assert not differing, f"the page and the JSON differ at {sorted(differing)[:5]}"
    library = open(script_path, encoding="utf-8").read().replace("</", "<\\/").replace("<!--", "<\\!--")
    assert library in page.scripts["library"], "the library is not in the page"
    assert not page.addresses, f"the page names addresses: {page.addresses}"
    assert "://" not in page.scripts["charts"], "the charts name an address"
    assert page.policy.startswith("default-src 'none'") and "http" not in page.policy, page.policy
    print("the page is whole")


main()
