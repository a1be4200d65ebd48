"""`sharedfate audit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedfate.cli import rooms
from sharedfate.cli.output import put, put_diagnostics, put_text
from sharedfate.report.exitcodes import Exit

if TYPE_CHECKING:
    from sharedfate.model.model import Model
    from sharedfate.model.policy import Policy

LAST_MILE = "last_mile"


@click.command(short_help="Tell what dies, and by which entry, under a rule set.")
@click.argument("path", metavar="MODEL", type=click.Path(path_type=Path))
@click.option(
    "--policy", "names", multiple=True, metavar="NAME", help="A policy of the model or of FILE (several act together)."
)
@click.option(
    "--policy-file",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A .fate file with policies; all of them act together unless --policy chooses.",
)
@click.option("--allow-list", metavar="FILE", type=click.Path(path_type=Path), help="Only what FILE lists passes.")
@click.option("--deny-list", metavar="FILE", type=click.Path(path_type=Path), help="What FILE lists is dropped.")
@click.option("--on", "places", multiple=True, metavar="PLACE", help="Where a list acts: a link, a tag or a service.")
@click.option(
    "--dialect",
    type=click.Choice(["exact", "suffix", "glob", "keyword"]),
    default="suffix",
    show_default=True,
    help="How the domains of a list match.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (spec/audit.schema.json) instead of text.")
def audit(
    path: Path,
    names: tuple[str, ...],
    files: tuple[Path, ...],
    allow_list: Path | None,
    deny_list: Path | None,
    places: tuple[str, ...],
    dialect: str,
    as_json: bool,
) -> int:
    """Tell what a rule set does: every function's rung at each horizon, and the entries to blame.

    A list has one address, prefix or domain a line. It is exactly its entries: an allow-list drops everything else,
    DNS too. Without --on it acts on the links tagged last_mile. A policy of a --policy-file says itself where it acts,
    and takes the place of one of the model that has its name.

    \b
    Example:
      sharedfate audit models/architectures/tiny.fate --policy shutdown
    """
    from sharedfate.cli.selection import displaced_words

    lists = [(file, allow) for file, allow in ((allow_list, True), (deny_list, False)) if file is not None]
    if not names and not lists and not files:
        what = "--policy NAME, --policy-file FILE, --allow-list FILE or --deny-list FILE"
        raise click.UsageError(f"say what to audit: {what}")
    if places and not lists:
        raise click.UsageError("--on says where a list acts; a policy of the model says so itself")
    read = rooms.read_model(path, files)
    put_diagnostics(read.diagnostics, read.sources, read.dropped)
    if read.model is None:
        return int(Exit.BAD_INPUT)
    policies = [_policy(read.model, name) for name in names or _policies_of(read.model, files)]
    declared = len(policies)
    notes = list(displaced_words(read.displaced))
    for file, allow in lists:
        policy, note = _list(read.model, file, allow, places, dialect)
        policies.append(policy)
        notes.append(note)
    report = rooms.audited(replace(read.model, policies=(*read.model.policies, *policies[declared:])), policies)
    if as_json:
        from sharedfate.report.audit_json import report_json

        put_text(report_json(str(path), read.model.name, notes, report))
    else:
        from sharedfate.report.audit_text import report_lines

        put(report_lines(str(path), read.model.name, notes, report))
    return int(Exit.MET)


def _policy(model: Model, name: str) -> Policy:
    if name not in model.policy:
        raise click.ClickException(f"the model has no policy {name}; {rooms.known(name, list(model.policy))}")
    policy = model.policy[name]
    if not (policy.links or policy.services):
        tags = dict.fromkeys(tag for link in model.links for tag in link.tags)
        roles = dict.fromkeys(role for service in model.services for role in service.roles)
        there = f"tags of links: {', '.join(tags) or 'none'}; roles of services: {', '.join(roles) or 'none'}"
        raise click.ClickException(f"policy {name} ({policy.span}) sits nowhere in this model; it has {there}")
    return policy


def _policies_of(model: Model, files: Sequence[Path]) -> list[str]:
    """The names of all policies that stand in these files.

    Raises:
        click.ClickException: a file has none.
    """
    found: list[str] = []
    for file in files:
        here = [item.name for item in model.policies if Path(item.span.file).resolve() == file.resolve()]
        if not here:
            raise click.ClickException(f"--policy-file: there is no `policy` in {file}")
        found += here
    return list(dict.fromkeys(found))


def _list(model: Model, file: Path, allow: bool, places: tuple[str, ...], dialect: str) -> tuple[Policy, str]:
    """The list as a policy, and in a line how it was read."""
    from sharedfate.language.rulelist import read_rule_list
    from sharedfate.model.wire import Dialect

    links, services = _places(model, places)
    result = read_rule_list(str(file), allow, Dialect(dialect), links, services)
    put_diagnostics(result.diagnostics, {}, result.dropped)
    if result.policy is None:
        raise click.ClickException(f"{file} cannot be used")
    what = []
    if result.prefixes:
        what.append(_count(result.prefixes, "prefix", "prefixes"))
    if result.names:
        what.append(f"{_count(result.names, 'domain', 'domains')} matching {dialect}")
    rest = "everything else is dropped, DNS too unless listed" if allow else "everything else passes"
    where = ", ".join((*links, *services))
    tagged = "" if places else f" (the links tagged {LAST_MILE}; --on chooses)"
    kind = "allow-list" if allow else "deny-list"
    return result.policy, f"{kind} {file}: {' and '.join(what)}; {rest}; on {where}{tagged}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _places(model: Model, places: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Links and services that were named, by name or tag, in order of declaration."""
    wanted = places or (LAST_MILE,)
    known = {*model.link, *model.service, *(tag for link in model.links for tag in link.tags)}
    unknown = [place for place in wanted if place not in known]
    if unknown:
        tags = dict.fromkeys(tag for link in model.links for tag in link.tags)
        there_is = rooms.known(unknown[0], [*model.link, *tags, *model.service])
        hint = "say where the list acts with --on: " if not places else ""
        raise click.ClickException(f"the model has no link, tag or service {unknown[0]}; {hint}{there_is}")
    links = tuple(link.name for link in model.links if link.name in wanted or set(link.tags) & set(wanted))
    return links, tuple(name for name in model.service if name in wanted)
