"""Invoice numbers and totals, in exact decimals."""

from .invoice import Invoice, Line, next_number

__all__ = ["Invoice", "Line", "next_number"]
