"""`A can|cannot block F sparing G`: verdict first, then the evidence that goes with it (spec F1 to F4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sharedfate.engines.blocking.allow_lists import allowing
from sharedfate.engines.blocking.conditions import Regions, regions
from sharedfate.engines.blocking.fates import fates_under
from sharedfate.engines.blocking.game import Cube, Excluded, Game, Outcome, Policy, Sides
from sharedfate.engines.blocking.leaning import leaned_on
from sharedfate.engines.blocking.limited import Counted, aligned, beyond_rules, counted
from sharedfate.engines.blocking.replay import Shown, checked, choice_of, described
from sharedfate.engines.blocking.rules import Writer
from sharedfate.engines.blocking.sharing import shared_rows
from sharedfate.engines.blocking.witness import minimal, minimal_counted
from sharedfate.engines.blocking.wording import condition, preferred, relevant
from sharedfate.engines.blocking.words import statement
from sharedfate.engines.budget import Budget
from sharedfate.evidence.answer import Answer, Attack, Condition, Neighbour, Proof, Shows
from sharedfate.evidence.certify import prove
from sharedfate.model.adversary import Act, Adversary, Limit
from sharedfate.model.facts import FactLiteral
from sharedfate.model.model import Model
from sharedfate.model.policy import MatchValue, WitnessRule
from sharedfate.model.question import CanCut, Check, Rung, VerdictKind
from sharedfate.semantics.allow_lists import acting, listed, places_of
from sharedfate.semantics.cone import needed_flows
from sharedfate.semantics.lens import lens_of_adversary
from sharedfate.semantics.matching import fields_of
from sharedfate.semantics.obligation.allowing import AllowingActs
from sharedfate.semantics.obligation.effects import Acts
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit
from sharedfate.semantics.obligation.searching import SearchingActs
from sharedfate.semantics.obligation.values import cuts_of
from sharedfate.semantics.obligation.world import World
from sharedfate.solver.sat import Workshop, learned_clauses

MAX_ATTACKS = 3
"""So many attacks of a conditional answer are worked out in full."""


class Settled(Enum):
    """What is so, before it is said as a verdict."""

    NO_ATTACK = "no attack"
    ATTACK = "an attack"
    DEPENDS = "depends on nature"


class Battlefield:
    """One model and one adversary: all questions about them share its world."""

    def __init__(
        self,
        model: Model,
        adversary: Adversary,
        given: Sequence[FactLiteral],
        functions: Sequence[str],
        workshop: Workshop,
    ) -> None:
        """`given`: every fact that some check about this adversary closes, for the cuts.

        `functions`: those that are asked about or reported. Raises as World does.
        """
        self.model = model
        self.adversary = adversary
        facts = (*model.given, *given)
        cuts = cuts_of((), facts)
        if adversary.limit is not None:
            cuts = aligned(model, cuts)
        self.world = World(model, lens_of_adversary(adversary, facts), cuts, functions)
        self.acts = SearchingActs(self.world.logic, self.world.images, adversary)
        self.workshop = workshop
        self.allowing: tuple[AllowingActs, Counted] | None = None
        self.bending: SearchingActs | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """One question made ready: the attack, and the game that decides it."""

    field: Battlefield
    question: CanCut
    given: tuple[FactLiteral, ...]
    attack: Lit
    game: Game
    budget: Budget
    shown: list[Shown]
    counted: Counted | None = None
    acts: Acts | None = None

    def said(self, formula: Lit) -> Lit:
        """A formula over the policy's variables: with counted rules, over those of the rules."""
        known = None if self.counted is None else self.counted.known
        return formula if known is None else self.field.world.logic.replaced(formula, dict(known))

    def relevant(self) -> list[Lit]:
        """Nature's variables that the attack depends on."""
        return relevant(self.field.world, (self.attack,))

    def condition(self, cube: Cube) -> Condition:
        """A condition in words."""
        return condition(self.field.world, cube)


def _ready(
    field: Battlefield,
    question: CanCut,
    given: tuple[FactLiteral, ...],
    budget: Budget,
    beside: Game | None = None,
    *,
    whole: bool = False,
    acts: SearchingActs | None = None,
) -> _Question:
    """`whole`: with the rules of all of nature, also of what the question does not depend on."""
    world, acts = field.world, acts or field.acts
    attack = world.attack(question, acts)
    honest = world.honest(question)
    facts = world.given(given)
    rules = [*world.nature.constraints, *world.occurrence]
    if not whole:
        rules = world.logic.bearing(rules, world.logic.both(attack, honest, *facts))[:-1]
    rules += facts
    literals = world.nature.literals()
    nature = list(literals)
    if not whole:
        nature = [one for one in world.logic.support((*rules, honest, attack)) if one in literals]
    policy = tuple(one for choice in acts.choices for one in (choice.drop, choice.reset, choice.slow) if one > TRUE)
    sides = Sides((*policy, *acts.bends), tuple(nature), tuple(acts.constraints), tuple(rules))
    game = (
        Game(world.logic, sides, budget, (honest,), field.workshop)
        if beside is None
        else beside.beside(sides, (honest,))
    )
    return _Question(field, question, given, attack, game, budget, [])


def _with_rules(ready: _Question, limit: Limit) -> _Question:
    """The same question for an adversary whose rules are counted, or that denies by default."""
    field, question, world = ready.field, ready.question, ready.field.world
    _unharmed(field, question)  # so that every view is known that a witness may have to leave alone
    acts: Acts | None = None
    if limit.allow_list:
        if field.allowing is None:
            field.allowing = allowing(world, field.adversary)
        acts, found = field.allowing
        attack = world.attack(question, acts)
        _unharmed(field, question, acts)
    else:
        writer = Writer(field.adversary, world.values, field.acts.choices)
        found = counted(world.logic, writer, limit.rules or 0)
        attack = world.logic.replaced(ready.attack, dict(found.known))
    whole = _ready(field, question, ready.given, ready.budget, ready.game, whole=True).game.sides
    sides = replace(whole, policy=tuple(found.groups), policy_rules=(found.limit,))
    game = ready.game.beside(sides, ready.game.always, apart=True)
    return replace(ready, attack=attack, game=game, counted=found, acts=acts)


def settled(ready: _Question) -> tuple[Settled, Policy | None]:
    """Whether there is no attack, one that works whatever nature chooses (with it), or neither."""
    first = ready.game.outcome((ready.attack,))
    if isinstance(first, Excluded):
        return Settled.NO_ATTACK, None
    policy = ready.game.policy_for(ready.attack, first=first.policy)
    return (Settled.DEPENDS, None) if policy is None else (Settled.ATTACK, policy)


def answer_cut(field: Battlefield, check: Check, budget: Budget, shown: list[Shown] | None = None) -> Answer:
    """`shown`: gets the witnesses of the answer, as they were replayed. Raises Exhausted, InternalCheckFailed."""
    question = check.question
    assert isinstance(question, CanCut)
    empty = _self_spared(question)
    if empty:
        return _vacuous(check, empty)
    ready = replace(_ready(field, question, check.given, budget), shown=[] if shown is None else shown)
    bent = _with_redirection(ready)
    empty = _empty(ready if bent is None else bent, None if bent is None else field.bending)
    if empty:
        return _vacuous(check, empty)
    limit = field.adversary.limit
    beyond = "" if limit is None else beyond_rules(field.adversary, field.world.stage, field.world.values)
    if limit is not None and field.adversary.denies_by_default:
        if beyond:
            return _unsearched(check, beyond)
        ready = _with_rules(ready, limit)
    state, policy = settled(ready)
    if limit is not None and not field.adversary.denies_by_default and state is not Settled.NO_ATTACK:
        if beyond:
            return _unsearched(check, beyond)
        ready = _with_rules(ready, limit)
        state, policy = settled(ready)
    if bent is not None and state is not Settled.ATTACK:
        if question.cut > Rung.HURT or isinstance(bent.game.outcome((bent.attack,)), Outcome):
            return _unsearched(check, REDIRECTS)
        ready, state = bent, Settled.NO_ATTACK
    neighbours = _neighbours(ready, state) if limit is None and bent is None else ()
    leaned = leaned_on(field.model, field.world, (question.function, *question.spared), check.given, ready.attack)
    base = Answer(
        check=check,
        verdict=_verdict(state, question),
        met=False,
        statement=statement(check),
        leaned_on=leaned,
        neighbours=neighbours,
        shared=shared_rows(field.model, field.adversary, field.world, question),
    )
    match state:
        case Settled.NO_ATTACK:
            return replace(base, proofs=(_no_attack(ready, ()),))
        case Settled.ATTACK:
            assert policy is not None
            attack, proof = _attack(ready, (), policy)
            return replace(base, attacks=(attack,), proofs=(proof,))
        case Settled.DEPENDS:
            return _conditional(ready, base)


def _verdict(state: Settled, question: CanCut) -> VerdictKind:
    if state is Settled.DEPENDS:
        return VerdictKind.CONDITIONAL
    return VerdictKind.PROVED if (state is Settled.ATTACK) is question.positive else VerdictKind.VIOLATED


def _conditional(ready: _Question, base: Answer) -> Answer:
    found: Regions = regions(ready.game, ready.attack, ready.relevant())
    safe = sorted((ready.condition(cube), cube) for cube in found.safe)
    opened = sorted(((ready.condition(cube), cube, policy) for cube, policy in found.open), key=lambda one: one[:2])
    evidence = [_attack(ready, cube, policy) for _, cube, policy in opened[:MAX_ATTACKS]]
    proofs = [_no_attack(ready, cube) for _, cube in safe]
    without = tuple(condition for condition, _ in safe)
    under = tuple(condition for condition, _, _ in opened)
    positive = base.check.question.positive if isinstance(base.check.question, CanCut) else False
    return replace(
        base,
        proved_if=under if positive else without,
        violated_if=without if positive else under,
        partial=found.partial,
        attacks=tuple(attack for attack, _ in evidence),
        proofs=(*proofs, *(proof for _, proof in evidence)),
    )


def _no_attack(ready: _Question, cube: Cube) -> Proof:
    """Certificate that no policy is an attack under a condition."""
    sides = ready.game.sides
    roots = [*sides.nature_rules, *ready.game.always, *sides.policy_rules, *cube, ready.attack]
    return _certificate(ready, roots, cube, Shows.NO_ATTACK)


def _certificate(ready: _Question, roots: Sequence[Lit], cube: Cube, shows: Shows) -> Proof:
    logic = ready.field.world.logic
    wanted = logic.bearing(roots, roots[-1])
    budget = ready.budget
    return prove(
        logic.clauses(wanted), lambda clauses: learned_clauses(clauses, budget.rlimit), shows, ready.condition(cube)
    )


def _attack(ready: _Question, cube: Cube, policy: Policy) -> tuple[Attack, Proof]:
    """The minimal witness around a policy that works under a condition, replayed, and the proof that it always does."""
    field, question, world = ready.field, ready.question, ready.field.world
    unharmed = _unharmed(field, question, ready.acts)
    game = ready.game
    if ready.counted is None:
        game = _ready(field, question, ready.given, ready.budget, ready.game, whole=True).game
        writer = Writer(field.adversary, world.values, field.acts.choices)
        found = minimal(game, ready.attack, cube, policy, unharmed, writer)
    else:
        single = {one: group.rule for one, group in ready.counted.groups.items()}
        spared = unharmed if ready.acts is not None else [ready.said(one) for one in unharmed]
        found = minimal_counted(game, ready.attack, cube, policy, spared, single)
    fixed = game.fixed(found.policy)
    nature = game.plain_choice((ready.attack, *fixed, *cube), preferred(world))
    choice = choice_of(world, nature)
    rules = found.rules if ready.acts is None else listed(found.rules, places_of(field.adversary))
    checked(world, field.adversary, question, rules, choice)
    ready.shown.append((rules, choice))
    roots = [*game.sides.nature_rules, *game.always, *fixed, *cube, -ready.attack]
    proof = _certificate(ready, roots, cube, Shows.ATTACK_WORKS)
    attack = Attack(
        rules=rules,
        condition=ready.condition(cube),
        example=described(world, nature, ready.relevant()),
        fates=fates_under(
            world, acting(rules, field.adversary), choice, question.horizon, lambda reason: reason.cut_by
        ),
        inferred=_inferred(field.adversary, rules),
    )
    return attack, proof


def _unharmed(field: Battlefield, question: CanCut, acts: Acts | None = None) -> list[Lit]:
    """That each other function is clean, by name: what a witness should leave alone if it can."""
    names = sorted(field.world.stage.functions)
    fate = field.world.fate(acts or field.acts, question.horizon)
    literals = [fate.function(name).clean for name in names if name != question.function]
    return [one for one in literals if one not in (TRUE, FALSE)]


def _inferred(adversary: Adversary, rules: Sequence[WitnessRule]) -> tuple[tuple[str, float | None], ...]:
    used = {
        field for rule in rules for match in rule.matches if isinstance(match, MatchValue) for field in fields_of(match)
    }
    return tuple((item.field.name, item.error_percent) for item in adversary.infers if item.field in used)


def _unsearched(check: Check, reason: str) -> Answer:
    """What was looked through holds no answer, and something else was not looked through."""
    return Answer(check=check, verdict=VerdictKind.UNKNOWN, met=False, statement=statement(check), reason=reason)


REDIRECTS = "where a redirection lands is not searched, and here it might do what dropping does not"


def _with_redirection(ready: _Question) -> _Question | None:
    """The same question for one who may do more than any redirection; None where nothing is redirected (C1)."""
    field = ready.field
    if Act.REDIRECT not in field.adversary.acts or field.adversary.denies_by_default:
        return None  # the rules of an allow-list allow, its default drops
    if field.bending is None:
        field.bending = SearchingActs(field.world.logic, field.world.images, field.adversary, bending=True)
    bent = _ready(field, ready.question, ready.given, ready.budget, acts=field.bending)
    return replace(bent, shown=ready.shown)


# vacuous questions


def _self_spared(question: CanCut) -> str:
    return f"sparing names {question.function} itself" if question.function in question.spared else ""


def _empty(ready: _Question, acts: Acts | None) -> str:
    """Why the question is empty, or nothing."""
    world, question = ready.field.world, ready.question
    if isinstance(ready.game.outcome(()), Excluded):
        return _dishonest(ready)
    fate = world.fate(acts or ready.field.acts, question.horizon)
    needed = dict.fromkeys(needed_flows(world.model, world.model.function[question.function].formula))
    ladders = [fate.flow(world.model.flow[flow], fresh) for flow, fresh in needed]
    support = set(world.logic.support(rung for one in ladders for rung in (one.hurt, one.strained, one.clean)))
    if not support & set(ready.game.sides.policy):
        return f"no view that {ready.field.adversary.name} may act on meets {question.function}"
    return ""


def _dishonest(ready: _Question) -> str:
    """No honest choice of nature is left: says which part fails without any attack."""
    world, question = ready.field.world, ready.question
    facts = world.given(ready.given)
    free = [*world.nature.constraints, *world.occurrence]

    def possible(*literals: Lit) -> bool:
        sides = Sides((), (), (), (*free, *facts, *literals))
        return isinstance(ready.game.beside(sides, (), apart=True).outcome(()), Outcome)

    if not possible():
        return "no choice of nature satisfies what is given"
    for name in question.spared:
        if not possible(world.rung(name, question.kept, Rung.CLEAN, None, question.horizon)):
            return f"{name} is below {question.kept} without any attack"
    return f"{question.function} is {question.cut} or lower without any attack"


def _vacuous(check: Check, reason: str) -> Answer:
    return Answer(check=check, verdict=VerdictKind.VACUOUS, met=False, statement=statement(check), reason=reason)


# neighbours

PAIRS = (
    (Rung.DEAD, Rung.HURT),
    (Rung.DEAD, Rung.STRAINED),
    (Rung.DEAD, Rung.CLEAN),
    (Rung.HURT, Rung.STRAINED),
    (Rung.HURT, Rung.CLEAN),
)
"""The five questions of DESIGN.md 3: F at the first rung or lower, G at the second or higher."""


def _neighbours(ready: _Question, state: Settled) -> tuple[Neighbour, ...]:
    """The strongest statement of the family that is proved, and the weakest attack that works.

    Below a proof nothing is asked: what it implies says less. Above an attack neither.
    """
    asked = (ready.question.cut, ready.question.kept)
    harder = [pair for pair in PAIRS if _harder(pair, asked)] if state is not Settled.ATTACK else []
    easier = [pair for pair in PAIRS if _harder(asked, pair)] if state is not Settled.NO_ATTACK else []
    verdicts = {pair: _state(ready, pair) for pair in (*harder, *easier)}
    safe = [pair for pair in verdicts if verdicts[pair] is Settled.NO_ATTACK]
    attacked = [pair for pair in verdicts if verdicts[pair] is Settled.ATTACK]
    strongest = [pair for pair in safe if not any(_harder(other, pair) for other in safe)]
    weakest = [pair for pair in attacked if not any(_harder(pair, other) for other in attacked)]
    return (
        *(_neighbour(ready, pair, VerdictKind.PROVED, asked) for pair in strongest),
        *(_neighbour(ready, pair, VerdictKind.VIOLATED, asked) for pair in weakest),
    )


def _state(ready: _Question, pair: tuple[Rung, Rung]) -> Settled | None:
    question = replace(ready.question, cut=pair[0], kept=pair[1])
    other = _ready(ready.field, question, ready.given, ready.budget, ready.game)
    if isinstance(other.game.outcome(()), Excluded):
        return None
    return settled(other)[0]


def _harder(left: tuple[Rung, Rung], right: tuple[Rung, Rung]) -> bool:
    """`cannot left` says more than `cannot right`: its attacks include the other's."""
    return left != right and left[0] >= right[0] and left[1] <= right[1]


def _neighbour(ready: _Question, pair: tuple[Rung, Rung], verdict: VerdictKind, asked: tuple[Rung, Rung]) -> Neighbour:
    question = replace(ready.question, cut=pair[0], kept=pair[1], positive=False)
    return Neighbour(statement(Check("", question, ready.given)), verdict, _harder(pair, asked))
