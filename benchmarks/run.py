"""`make bench`: measures, prints tables with ratios in the same run, and writes them to benchmarks/results/.

python benchmarks/run.py [cold] [growth] [audit] [--quick]
"""

from __future__ import annotations

import argparse
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import cold
import growth
import listing

RESULTS = Path(__file__).parent / "results"
SIZES = (100, 1_000, 10_000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help="cold, growth, audit; all of them if none is named")
    parser.add_argument("--quick", action="store_true", help="one run of each, worlds of 100 services only")
    wish = parser.parse_args()
    unknown = set(wish.parts) - {"cold", "growth", "audit"}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    parts = wish.parts or ["cold", "growth", "audit"]
    if "cold" in parts:
        _write("cold", "Cold check of the iMessage model", cold.report(1 if wish.quick else cold.RUNS))
    if "growth" in parts:
        text, picture = growth.report(SIZES[:1] if wish.quick else SIZES)
        (RESULTS / "growth.svg").write_text(picture, encoding="utf-8")
        _write("growth", "Generated worlds", text + "\n\n![growth](growth.svg)")
    if "audit" in parts:
        _write("audit", "Audit of long lists", listing.report(1 if wish.quick else listing.RUNS))
    return 0


def _write(name: str, title: str, text: str) -> None:
    machine = (
        f"Python {platform.python_version()}, z3-solver {version('z3-solver')}, {platform.system()} "
        f"{platform.machine()}. CPU seconds are user and system time; the wall clock also shows what else ran."
    )
    whole = f"# {title}\n\n{machine}\n\n{text}\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(whole, encoding="utf-8")
    print(whole, flush=True)


if __name__ == "__main__":
    sys.exit(main())
