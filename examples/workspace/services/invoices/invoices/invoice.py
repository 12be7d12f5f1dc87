from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    text: str
    quantity: int
    price: Decimal
    vat_percent: Decimal = Decimal(19)

    @property
    def net(self) -> Decimal:
        return self.price * self.quantity


@dataclass
class Invoice:
    number: str
    lines: list[Line] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def vat(self) -> dict[Decimal, Decimal]:
        """The tax by rate. Rounded once a rate, not once a line: that is what the tax office adds up."""
        bases: dict[Decimal, Decimal] = {}
        for line in self.lines:
            bases[line.vat_percent] = bases.get(line.vat_percent, Decimal(0)) + line.net
        return {
            rate: (base * rate / 100).quantize(CENT, ROUND_HALF_UP)
            for rate, base in bases.items()
        }

    @property
    def total(self) -> Decimal:
        return self.net + sum(self.vat.values(), Decimal(0))


def next_number(last: str) -> str:
    """2024-0041 is followed by 2024-0042, 2024-9999 by 2024-10000."""
    year, _, count = last.partition("-")
    if not (year.isdigit() and count.isdigit()):
        raise ValueError(f"{last!r} is no invoice number")
    return f"{year}-{int(count) + 1:04d}"
