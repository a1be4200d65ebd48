"""Claims without an adversary to search for: `F is RUNG under P` and `F always rides C` (spec F5, F6).

The claim is a formula over nature. It holds for every choice, for none, or under conditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sharedfate.engines.blocking.conditions import regions
from sharedfate.engines.blocking.fates import fates_under
from sharedfate.engines.blocking.game import Cube, Excluded, Game, Outcome, Sides
from sharedfate.engines.blocking.guilt import guilty_entries, numbering
from sharedfate.engines.blocking.leaning import leaned_on
from sharedfate.engines.blocking.replay import choice_of, replayed
from sharedfate.engines.blocking.wording import condition, preferred, relevant
from sharedfate.engines.blocking.words import statement
from sharedfate.engines.budget import Budget
from sharedfate.evidence.answer import Answer, Proof, Shows
from sharedfate.evidence.certify import InternalCheckFailed, prove
from sharedfate.model.facts import FactLiteral
from sharedfate.model.model import Model
from sharedfate.model.policy import Policy
from sharedfate.model.question import AlwaysRides, Check, Rung, UnderPolicies, VerdictKind
from sharedfate.model.traffic import Hop
from sharedfate.semantics.choices import Choice
from sharedfate.semantics.cone import flows_of
from sharedfate.semantics.lens import NOBODY, lens_of_policies
from sharedfate.semantics.obligation.declared import DeclaredActs
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit
from sharedfate.semantics.obligation.narrow import narrowed
from sharedfate.semantics.obligation.values import Cuts, cuts_of
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.policies import DeclaredPolicies
from sharedfate.solver.sat import Workshop, learned_clauses


class Ground:
    """One model under one list of declared policies (none for `always rides`)."""

    def __init__(
        self,
        model: Model,
        policies: Sequence[Policy],
        given: Sequence[FactLiteral],
        functions: Sequence[str],
        workshop: Workshop,
    ) -> None:
        """`functions`: those that are asked about or reported. Raises as World does."""
        facts = (*model.given, *given)
        self.model = model
        self.policies = narrowed(model, policies)
        cuts = cuts_of((rule for policy in self.policies for rule in policy.rules), facts)
        lens = lens_of_policies(self.policies, facts) if policies else NOBODY
        self.world = World(model, lens, cuts if policies else Cuts(), functions)
        self.acting = DeclaredPolicies(self.policies)
        self.workshop = workshop
        self.acts = DeclaredActs(self.world.logic, self.world.nature, self.world.images, self.acting)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim made ready: its formula, and the game of nature alone."""

    ground: Ground
    world: World
    check: Check
    holds: Lit
    game: Game
    budget: Budget


def _ready(ground: Ground, check: Check, holds: Lit, budget: Budget) -> _Claim:
    world = ground.world
    facts = world.given(check.given)
    rules = (*world.nature.constraints, *world.occurrence, *facts)
    sides = Sides((), tuple(world.nature.literals()), (), rules)
    return _Claim(ground, world, check, holds, Game(world.logic, sides, budget, (), ground.workshop), budget)


def answer_under(ground: Ground, check: Check, budget: Budget) -> Answer:
    """Raises Exhausted, InternalCheckFailed."""
    question = check.question
    assert isinstance(question, UnderPolicies)
    world = ground.world
    holds = world.logic.all(
        world.rung(name, question.low, question.high, ground.acts, question.horizon) for name in question.functions
    )
    claim = _ready(ground, check, holds, budget)
    empty = _empty(claim, question)
    if empty:
        return Answer(check, VerdictKind.VACUOUS, met=False, statement=statement(check), reason=empty)
    answer, choice = _decided(claim)
    _replay(ground, question, answer, choice)
    guilty = guilty_entries(ground.world, ground.acting, ground.policies, choice, question)
    return replace(
        answer,
        leaned_on=leaned_on(ground.model, world, question.functions, check.given, holds),
        fates=fates_under(world, ground.acting, choice, question.horizon, numbering(guilty, ground.policies)),
        guilty=tuple((str(entry.span), entry.rule) for entry in guilty),
    )


def _empty(claim: _Claim, question: UnderPolicies) -> str:
    if isinstance(claim.game.outcome(()), Excluded):
        return "no choice of nature satisfies what is given"
    if question.high is not Rung.DEAD:
        return ""
    for name in question.functions:
        alive = claim.world.rung(name, Rung.HURT, Rung.CLEAN, None, question.horizon)
        again = _ready(claim.ground, claim.check, alive, claim.budget)
        if isinstance(again.game.outcome((alive,)), Excluded):
            return f"{name} is dead without any policy"
    return ""


def _decided(claim: _Claim) -> tuple[Answer, Choice]:
    """The verdict, and a choice of nature to show: one in which the claim fails, if there is one."""
    fails = claim.game.outcome((-claim.holds,))
    holds = claim.game.outcome((claim.holds,))
    shown = fails if isinstance(fails, Outcome) else holds
    assert isinstance(shown, Outcome)
    base = Answer(claim.check, VerdictKind.CONDITIONAL, met=False, statement=statement(claim.check))
    wanted = -claim.holds if shown is fails else claim.holds
    choice = choice_of(claim.world, claim.game.plain_choice((wanted,), preferred(claim.world)))
    if isinstance(fails, Excluded):
        proof = _proof(claim, -claim.holds, (), Shows.CLAIM_HOLDS)
        return replace(base, verdict=VerdictKind.PROVED, proofs=(proof,)), choice
    if isinstance(holds, Excluded):
        proof = _proof(claim, claim.holds, (), Shows.CLAIM_FAILS)
        return replace(base, verdict=VerdictKind.VIOLATED, proofs=(proof,)), choice
    return _conditional(claim, base), choice


def _conditional(claim: _Claim, base: Answer) -> Answer:
    found = regions(claim.game, -claim.holds, relevant(claim.world, (claim.holds,)))
    safe = sorted(((condition(claim.world, cube), cube) for cube in found.safe), key=lambda one: str(one[0]))
    fails = sorted(((condition(claim.world, cube), cube) for cube, _ in found.open), key=lambda one: str(one[0]))
    proofs = [_proof(claim, -claim.holds, cube, Shows.CLAIM_HOLDS) for _, cube in safe]
    proofs += [_proof(claim, claim.holds, cube, Shows.CLAIM_FAILS) for _, cube in fails]
    return replace(
        base,
        proved_if=tuple(one for one, _ in safe),
        violated_if=tuple(one for one, _ in fails),
        partial=found.partial,
        proofs=tuple(proofs),
    )


def _proof(claim: _Claim, target: Lit, cube: Cube, shows: Shows) -> Proof:
    logic, rlimit = claim.world.logic, claim.budget.rlimit
    roots = logic.bearing([*claim.game.sides.nature_rules, *cube], target)
    clauses = logic.clauses(roots)
    return prove(clauses, lambda given: learned_clauses(given, rlimit), shows, condition(claim.world, cube))


def _replay(ground: Ground, question: UnderPolicies, answer: Answer, choice: Choice) -> None:
    """The executable semantics must say of the choice shown what the verdict says of it."""
    fate = replayed(ground.world, ground.acting, choice, question.horizon)
    holds = all(question.low <= fate.function(name).rung <= question.high for name in question.functions)
    if holds is not (answer.verdict is VerdictKind.PROVED):
        raise InternalCheckFailed("a claim under declared policies does not replay")


def answer_rides(ground: Ground, check: Check, budget: Budget) -> Answer:
    """Raises Exhausted, InternalCheckFailed."""
    question = check.question
    assert isinstance(question, AlwaysRides)
    model, world = ground.model, ground.world
    clients = model.connection[question.connection].clients
    names = dict.fromkeys(flows_of(model, model.function[question.function].formula))
    hops = [hop for name in names for hop in model.flow[name].hops if {hop.sender, hop.receiver} & set(clients)]
    carried = [hop for hop in hops if hop.connection is not None]
    inside = world.logic.all(_hop_inside(world, hop, question.connection, clients) for hop in carried)
    claim = _ready(ground, check, inside, budget)
    empty = ""
    if not carried:
        empty = f"no hop of {question.function} belongs to a client of {question.connection}"
    elif isinstance(claim.game.outcome(()), Excluded):
        empty = "no choice of nature satisfies what is given"
    if empty:
        return Answer(check, VerdictKind.VACUOUS, met=False, statement=statement(check), reason=empty)
    return replace(_decided(claim)[0], leaned_on=leaned_on(model, world, (question.function,), check.given, inside))


def _hop_inside(world: World, hop: Hop, wanted: str, clients: tuple[str, ...]) -> Lit:
    """A hop at the wrong end of somebody else's connection is outside, whatever that connection rides in."""
    if hop.connection != wanted and hop.client not in clients:
        return FALSE
    return _inside(world, hop.connection or "", wanted)


def _inside(world: World, connection: str, wanted: str) -> Lit:
    """Every alternative that is there rides via the wanted connection, at some depth, or this is it."""
    if connection == wanted:
        return TRUE
    return world.logic.all(
        world.logic.either(
            -world.nature.guard(item.guard),
            FALSE if item.via is None or item.via.passing_through else _inside(world, item.via.connection, wanted),
        )
        for item in world.model.connection[connection].alternatives
    )
