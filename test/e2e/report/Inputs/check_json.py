# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_json.py SCHEMA JSON-LINES [TEXT]: are all lines what the schema says, and
what the text reports say?"""

import json
import re
import sys

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool,
         "integer": int, "null": type(None)}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and not (
        name == "integer" and isinstance(value, bool))


class Validator:
    """The part of JSON Schema that the schema uses; anything else is an error."""
    known = {"$ref", "$schema", "$defs", "title", "description", "type",
             "const", "enum", "anyOf", "pattern", "minimum", "maximum",
             "properties", "required", "additionalProperties", "items"}

    def __init__(self, schema):
        self.root = schema

    def check(self, value, schema, at="line"):
        assert not schema.keys() - self.known, schema.keys() - self.known
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/$defs/")
            self.check(value, self.root["$defs"][name], at)
        if "const" in schema:
            assert value == schema["const"], (at, value)
        if "enum" in schema:
            assert value in schema["enum"], (at, value)
        if "anyOf" in schema:
            assert any(self.accepts(value, s) for s in schema["anyOf"]), (at, value)
        if "type" in schema:
            names = schema["type"]
            names = [names] if isinstance(names, str) else names
            assert any(is_type(value, n) for n in names), (at, value)
        if isinstance(value, str) and "pattern" in schema:
            assert re.search(schema["pattern"], value), (at, value)
        if is_type(value, "integer"):
            assert value >= schema.get("minimum", value), (at, value)
            assert value <= schema.get("maximum", value), (at, value)
        if isinstance(value, dict) and "properties" in schema:
            self.check_members(value, schema, at)
        if isinstance(value, list):
            for i, element in enumerate(value):
                self.check(element, schema["items"], f"{at}[{i}]")

    def accepts(self, value, schema):
        try:
            self.check(value, schema)
            return True
        except AssertionError:
            return False

    def check_members(self, value, schema, at):
        members = schema["properties"]
        assert not set(schema["required"]) - value.keys(), (at, value.keys())
        assert not value.keys() - members.keys(), (at, value.keys())
        for name, member in value.items():
            self.check(member, members[name], f"{at}.{name}")


def frames_of(stack):
    return [(f["pc"], f.get("file") and f"{f['file']}:{f['line']}",
             f.get("module") and f"{f['module']}+{f['offset']}",
             f.get("build_id")) for f in stack["frames"]] if stack else None


def text_reports(text):
    """Of each report: kind, address, and its stacks as lists of pc and place."""
    for part in re.split(r"(?m)^(?===\d+==ERROR: HeapFence: )", text)[1:]:
        head = re.match(r"==(\d+)==ERROR: HeapFence: (\S+) on (unknown address|"
                        r"address (0x\S+)) at pc (\S+) bp (\S+) sp (\S+)", part)
        stacks = []
        for line in part.splitlines():
            frame = re.match(r"    #(\d+) (0x\S+)(?: in \S+ ([^ (]+?:\d+)\S*)?"
                             r"(?: \((\S+\+0x\S+)\))?(?: \(BuildId: (\S+)\))?$",
                             line)
            if not frame:
                continue
            if frame[1] == "0":
                stacks.append([])
            stacks[-1].append(frame.groups()[1:])
        yield {"pid": int(head[1]), "kind": head[2], "address": head[4],
               "pc": head[5], "fp": head[6], "sp": head[7], "stacks": stacks}


def main():
    schema = json.load(open(sys.argv[1]))
    data = open(sys.argv[2], "rb").read()
    assert data.endswith(b"\n") and b"\0" not in data
    lines = [json.loads(line) for line in data.decode().splitlines()]
    for line in lines:
        Validator(schema).check(line, schema)
    if len(sys.argv) > 3:
        texts = list(text_reports(open(sys.argv[3], errors="replace").read()))
        assert len(texts) == len(lines), (len(texts), len(lines))
        for text, line in zip(texts, lines):
            stacks = [frames_of(line["stacks"][s])
                      for s in ("error", "free", "allocation")]
            assert text.pop("stacks") == [s for s in stacks if s], (text, stacks)
            assert text == {k: line[k] for k in text}, (text, line)
    print(*(line["kind"] for line in lines))


main()
