"""An audit of a long list against the iMessage model: the real one, if it is there, and a generated one of its size.

`python listing.py FILE` measures the parts of an audit in one process and prints a line of JSON a part.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from random import Random

from cold import MODEL
from measure import ROOT, process, python, timed, typical
from tables import seconds, table, times

RUNS = 3
ENTRIES = 30_228
"""Of the list of Russian mobile operators that the issue names."""
SHARED = Path(os.environ.get("SHAREDFATE_SHARED", ROOT.parent / "shared"))
REAL = SHARED / "data" / "ru-mobile-whitelist" / "cidrwhitelist.txt"


def generated(entries: int, seed: int = 1) -> str:
    """A list of so many prefixes, most of them /24 to /32, none twice, some inside others."""
    random = Random(seed)
    lines: dict[str, None] = {}
    while len(lines) < entries:
        length = random.choice((16, 20, 22, 23, 24, 24, 24, 24, 26, 28, 32))
        network = random.getrandbits(length) << (32 - length)
        address = ".".join(str(network >> shift & 255) for shift in (24, 16, 8, 0))
        lines[f"{address}/{length}"] = None
    return "\n".join(lines) + "\n"


READ = "import ipaddress, sys; [ipaddress.ip_network(line.strip()) for line in open(sys.argv[1]) if line.strip()]"


def report(runs: int = RUNS, entries: int = ENTRIES) -> str:
    """The tables as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "generated.txt")
        made.write_text(generated(entries), encoding="utf-8")
        parts = [_of(f"a generated list of {entries:,} prefixes", made, runs)]
        if REAL.is_file():
            parts.insert(0, _of("the list in shared/data", REAL, runs))
        else:
            parts.insert(0, f"{REAL.name} is not there: set SHAREDFATE_SHARED to the folder that holds data/.")
        return "\n\n".join(parts)


def _of(what: str, path: Path, runs: int) -> str:
    lines = sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    commands = {
        "read with Python's ipaddress": python("-c", READ, str(path)),
        "sharedfate audit --allow-list": python("-m", "sharedfate", "audit", MODEL, "--allow-list", str(path)),
        "sharedfate audit --deny-list": python("-m", "sharedfate", "audit", MODEL, "--deny-list", str(path)),
    }
    costs = dict(zip(commands, typical(list(commands.values()), runs), strict=True))
    base = costs["read with Python's ipaddress"]
    rows = [
        [name, seconds(cost.cpu), seconds(cost.wall), times(cost.cpu / base.cpu), f"{cost.memory:.0f}", str(cost.code)]
        for name, cost in costs.items()
    ]
    head = ["command", "CPU s", "wall s", "of ipaddress", "peak MiB", "exit"]
    inside = [json.loads(line) for line in process(python("benchmarks/listing.py", str(path))).out.splitlines()]
    return "\n\n".join(
        (
            f"### {what[0].upper()}{what[1:]}",
            f"{lines:,} entries, median of {runs} runs.",
            table(head, rows),
            "In one process, as an allow-list:",
            table(["part", "CPU s"], [[part["what"], seconds(part["cpu"])] for part in inside]),
        )
    )


def _parts(path: str) -> None:
    def step(what: str, cpu: float) -> None:
        print(json.dumps({"what": what, "cpu": cpu}), flush=True)

    loading, cpu = timed(lambda: import_module("sharedfate.language.load"))
    auditing, more = timed(lambda: import_module("sharedfate.engines.audit"))
    step("imports, z3 among them", cpu + more)
    loaded, cpu = timed(lambda: loading.load(Path(ROOT, MODEL)))
    step("load the model", cpu)
    model = loaded.model
    wire, lists = import_module("sharedfate.model.wire"), import_module("sharedfate.language.rulelist")
    links = tuple(link.name for link in model.links if "last_mile" in link.tags)
    read, cpu = timed(lambda: lists.read_rule_list(path, True, wire.Dialect.SUFFIX, links))
    step("read the list", cpu)
    _, cpu = timed(lambda: auditing.audit(model, (read.policy,)))
    step("audit", cpu)


if __name__ == "__main__":
    _parts(sys.argv[1])
