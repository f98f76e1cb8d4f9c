"""The ledger against everything at once: random sequences beside a model, and many connections that collide."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from easel.app.open import open_studio
from easel.base.ids import new_id
from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.credits.errors import InsufficientCredits
from easel.features.credits.service import grants, ledger
from easel.providers.registry import Providers
from tests.features.credits.purse import PricedPainter, drift, purse
from tests.features.generation.steps import member, rows

AMOUNTS = st.decimals("0.0001", 5, places=4)
PICK = st.integers(0, 1000)


class Killed(Exception):
    """The process died: its transaction is never committed."""


class LedgerMachine(RuleBasedStateMachine):
    """Submits, ends, kills, payments and refunds of one workspace, in any order, beside plain arithmetic."""

    studio: Studio
    loop: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.available, self.reserved, self.revenue = Decimal(3), Decimal(0), Decimal(0)
        self.running: dict[UUID, Decimal] = {}
        self.over: list[UUID] = []
        self.payments: dict[str, Decimal] = {}
        self.refunded: set[str] = set()

    def do(self, step: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run(step)

    @initialize()
    def begin(self) -> None:
        self.actor = self.do(member(self.studio, f"{new_id()}@example.com"))

    @rule(amount=AMOUNTS, killed=st.booleans())
    def submit(self, amount: Decimal, killed: bool) -> None:
        async def step(id: UUID) -> None:
            async with self.studio.work(self.actor) as work:
                await ledger.reserve(work, self.actor.workspace, id, amount)
                if killed:
                    raise Killed

        id = new_id()
        try:
            self.do(step(id))
        except InsufficientCredits:
            assert amount > self.available
        except Killed:
            pass
        else:
            self.running[id] = amount
            self.available, self.reserved = self.available - amount, self.reserved + amount

    @rule(pick=PICK, share=st.sampled_from(["0", "0.25", "0.5", "1", "2"]), killed=st.booleans())
    def end(self, pick: int, share: str, killed: bool) -> None:
        """Capture all, a part, or more than that; or release."""
        if not self.running:
            return
        id = list(self.running)[pick % len(self.running)]
        held = self.running[id]
        charge = (held * Decimal(share)).quantize(Decimal("0.0001"))

        async def step() -> Decimal:
            async with self.studio.work(self.actor) as work:
                taken = await ledger.settle(work, self.actor.workspace, id, charge)
                if killed:
                    raise Killed
                return taken

        try:
            taken = self.do(step())
        except Killed:
            return
        assert taken == min(charge, held)
        del self.running[id]
        self.over.append(id)
        self.reserved -= held
        self.available += held - taken
        self.revenue += taken

    @rule(pick=PICK, charge=AMOUNTS)
    def end_once_more(self, pick: int, charge: Decimal) -> None:
        """A late or repeated end, or one of what never was: nothing moves."""
        id = self.over[pick % len(self.over)] if self.over else new_id()

        async def step() -> Any:
            async with self.studio.work(self.actor) as work:
                return await ledger.settle(work, self.actor.workspace, id, charge)

        assert self.do(step()) == 0

    @rule(amount=AMOUNTS, again=st.booleans(), pick=PICK)
    def pay(self, amount: Decimal, again: bool, pick: int) -> None:
        known = again and bool(self.payments)
        reference = list(self.payments)[pick % len(self.payments)] if known else str(new_id())

        async def step() -> Any:
            async with self.studio.work(Actor.system()) as work:
                return await grants.purchase(work, self.actor.workspace, amount, reference=reference)

        assert self.do(step()) == (not known)
        if not known:
            self.payments[reference] = amount
            self.available += amount

    @rule(pick=PICK)
    def refund(self, pick: int) -> None:
        if not self.payments:
            return
        reference = list(self.payments)[pick % len(self.payments)]
        amount = self.payments[reference]

        async def step() -> Any:
            async with self.studio.work(Actor.system()) as work:
                return await grants.refund(work, self.actor.workspace, amount, reference=reference)

        expected = Decimal(0) if reference in self.refunded else min(amount, self.available)
        assert self.do(step()) == expected
        if expected:
            self.refunded.add(reference)
        self.available -= expected

    @invariant()
    def the_books_say_what_happened(self) -> None:
        if hasattr(self, "actor"):
            assert self.do(purse(self.studio, self.actor)) == (float(self.available), float(self.reserved))

    def teardown(self) -> None:
        if hasattr(self, "actor"):
            assert self.do(drift(self.studio)) == []
            taken = self.do(
                rows(
                    self.studio,
                    "SELECT coalesce(sum(amount), 0) AS sum FROM ledger_postings p"
                    " JOIN ledger_accounts a ON a.id = account_id AND kind = 'revenue'"
                    " JOIN ledger_entries e ON e.id = entry_id WHERE e.workspace_id = :id",
                    id=self.actor.workspace,
                )
            )
            assert taken[0]["sum"] == self.revenue


def test_any_sequence_of_movements_adds_up(settings: Settings, database_url: str) -> None:
    with asyncio.Runner() as runner:
        opening = open_studio(settings, database_url, providers=Providers([PricedPainter()]))
        LedgerMachine.loop = runner
        LedgerMachine.studio = runner.run(opening.__aenter__())
        try:
            run_state_machine_as_test(LedgerMachine, settings=_SETTINGS)
        finally:
            runner.run(opening.__aexit__(None, None, None))


_SETTINGS = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.anyio
async def test_many_connections_that_collide_leave_books_that_add_up(studio: Studio) -> None:
    """Eight who submit, end, end again, die, pay and take back at once, in two workspaces."""
    people = [await member(studio, f"p{number}@example.com") for number in range(2)]
    started: list[tuple[Actor, UUID]] = []
    accepted: Counter[UUID] = Counter()
    taken: dict[UUID, Decimal] = {}
    failures: list[BaseException] = []

    async def one(seed: int) -> None:
        dice = random.Random(seed)
        for number in range(25):
            actor = dice.choice(people)
            kind = dice.choice(["submit", "submit", "end", "end", "die", "pay", "refund"])
            paid: Decimal | None = None
            try:
                async with studio.work(actor) as work:
                    if kind in ("submit", "die"):
                        id = new_id()
                        await ledger.reserve(work, actor.workspace, id, Decimal(dice.randint(1, 20)) / 10)
                        if kind == "die":
                            raise Killed
                        await asyncio.sleep(0)
                    elif kind == "end" and started:
                        owner, id = dice.choice(started)
                        charge = Decimal(dice.randint(0, 20)) / 10
                        paid = await ledger.settle(work, owner.workspace, id, charge)
                    elif kind == "pay":
                        # The same few payments, told again and again.
                        reference = f"pay-{actor.workspace}-{dice.randint(1, 3)}"
                        await grants.purchase(work, actor.workspace, Decimal(2), reference=reference)
                    elif kind == "refund":
                        reference = f"pay-{actor.workspace}-{dice.randint(1, 3)}"
                        await grants.refund(work, actor.workspace, Decimal(2), reference=reference)
            except (InsufficientCredits, Killed):
                continue
            except BaseException as error:
                failures.append(error)
                raise
            if kind == "submit":
                accepted[id] += 1
                started.append((actor, id))
            elif paid:
                assert id not in taken, number
                taken[id] = paid

    await asyncio.gather(*(one(seed) for seed in range(8)))
    assert failures == []
    assert accepted
    assert taken
    assert await drift(studio) == []
    for actor in people:
        assert min(await purse(studio, actor)) >= 0
    once = await rows(
        studio,
        "SELECT generation_id, round, count(*) FROM ledger_entries WHERE cause IN ('capture', 'release')"
        " GROUP BY 1, 2 HAVING count(*) > 1",
    )
    assert once == []
    income = await rows(
        studio,
        "SELECT coalesce(sum(amount), 0) AS sum FROM ledger_postings p"
        " JOIN ledger_accounts a ON a.id = account_id AND kind = 'revenue'",
    )
    assert income[0]["sum"] == sum(taken.values())
