"""A cold `sharedfate check` of the iMessage model, as people run it, against `import z3` alone.

`python cold.py` measures its parts in one process and prints a line of JSON a part.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

from measure import ROOT, process, python, timed, typical
from tables import seconds, table, times

MODEL = "models/architectures/imessage.fate"
RUNS = 5


def report(runs: int = RUNS) -> str:
    """The tables as Markdown."""
    commands = {
        "python -c pass": python("-c", "pass"),
        "python -c 'import z3'": python("-c", "import z3"),
        "sharedfate --help": python("-m", "sharedfate", "--help"),
        "sharedfate show": python("-m", "sharedfate", "show", MODEL),
        f"sharedfate check {MODEL}": python("-m", "sharedfate", "check", MODEL),
    }
    costs = dict(zip(commands, typical(list(commands.values()), runs), strict=True))
    base = costs["python -c 'import z3'"]
    rows = [
        [name, seconds(cost.cpu), seconds(cost.wall), times(cost.cpu / base.cpu), f"{cost.memory:.0f}", str(cost.code)]
        for name, cost in costs.items()
    ]
    head = ["command", "CPU s", "wall s", "of import z3", "peak MiB", "exit"]
    parts = [json.loads(line) for line in process(python("benchmarks/cold.py")).out.splitlines()]
    inside = [[part["what"], seconds(part["cpu"])] for part in parts]
    return "\n\n".join(
        (f"Median of {runs} runs.", table(head, rows), "In one process:", table(["part", "CPU s"], inside))
    )


def _parts() -> None:
    def step(what: str, cpu: float) -> None:
        print(json.dumps({"what": what, "cpu": cpu}), flush=True)

    _, cpu = timed(lambda: import_module("sharedfate.cli.main"))
    step("import the command line", cpu)
    loading, cpu = timed(lambda: import_module("sharedfate.language.load"))
    step("import the language", cpu)
    _, cpu = timed(lambda: import_module("z3"))
    step("import z3", cpu)
    engines, cpu = timed(lambda: import_module("sharedfate.engines"))
    step("import the engines", cpu)
    text = Path(ROOT, MODEL).read_text(encoding="utf-8")
    parsing = import_module("sharedfate.language.parse")
    _, cpu = timed(lambda: parsing.parse(text, MODEL))
    step("parse the model's own file", cpu)
    loaded, cpu = timed(lambda: loading.load(Path(ROOT, MODEL)))
    step("load: parse all files, the first again, and resolve", cpu)
    model = loaded.model
    answers, cpu = timed(lambda: list(engines.answer_checks(model, model.checks, engines.Budget())))
    step(f"answer {len(answers)} properties", cpu)
    writing = import_module("sharedfate.report.text")
    _, cpu = timed(lambda: [list(writing.answer_lines(answer)) for answer in answers])
    step("write the answers as text", cpu)


if __name__ == "__main__":
    _parts()
