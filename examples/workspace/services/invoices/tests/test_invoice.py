from decimal import Decimal

import pytest
from invoices import Invoice, Line, next_number


def test_tax_is_rounded_once_for_each_rate():
    lines = [Line("tea", 1, Decimal("0.03")) for _ in range(10)]
    assert Invoice("2024-0001", lines).vat == {Decimal(19): Decimal("0.06")}


def test_rates_are_kept_apart():
    invoice = Invoice(
        "2024-0002",
        [Line("pot", 1, Decimal("24.99")), Line("book", 2, Decimal("10.00"), Decimal(7))],
    )
    assert invoice.vat == {Decimal(19): Decimal("4.75"), Decimal(7): Decimal("1.40")}
    assert invoice.total == Decimal("51.14")


def test_an_empty_invoice_costs_nothing():
    assert Invoice("2024-0003").total == 0


@pytest.mark.parametrize(
    ("last", "following"),
    [("2024-0041", "2024-0042"), ("2024-9999", "2024-10000")],
)
def test_numbers_count_up(last, following):
    assert next_number(last) == following


@pytest.mark.parametrize("text", ["", "2024", "x-1", "2024-"])
def test_other_text_is_no_number(text):
    with pytest.raises(ValueError):
        next_number(text)
