"""Numbers that stand for values and rows, by whole columns at a time. numpy is passed in: nothing is imported for a trace."""

from collections.abc import Iterable
from typing import Any

KEEP = 256
"""At least so many rows are kept of a table that has them, and at most about twice as many."""


def float_bits(values: Any, numpy: Any) -> Any:
    """Equal numbers give equal bits, whatever type held them."""
    bits = (numpy.ascontiguousarray(values, dtype=numpy.float64) + 0.0).view(numpy.uint64)
    return bits ^ (bits >> numpy.uint64(29))


def value_bits(values: Any, numpy: Any, pandas: Any) -> Any:
    kind = values.dtype.kind
    if kind in "biuf":
        return float_bits(values, numpy)
    if kind in "mM":
        return values.astype("int64").view(numpy.uint64)
    if pandas is None:
        return None
    return pandas.util.hash_array(numpy.asarray(values, dtype=object), categorize=True)


def mixed(hashes: Any, numpy: Any) -> Any:
    """Every bit depends on every other, so that the lowest can choose a sample."""
    hashes = hashes ^ (hashes >> numpy.uint64(30))
    hashes = hashes * numpy.uint64(0xBF58476D1CE4E5B9)
    hashes = hashes ^ (hashes >> numpy.uint64(27))
    hashes = hashes * numpy.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> numpy.uint64(31))


def row_hashes(columns: Iterable[Any], rows: int, numpy: Any) -> Any:
    """One hash for each row from the bits of its columns; None when a column had none."""
    total = numpy.full(rows, 0x632BE59BD9B4E019, numpy.uint64)
    for bits in columns:
        if bits is None:
            return None
        total = total * numpy.uint64(0x2545F4914F6CDD1D) + bits * numpy.uint64(0x9E3779B97F4A7C15)
    return mixed(total, numpy)


def sparse_hashes(matrix: Any, numpy: Any) -> Any:
    terms = float_bits(matrix.data, numpy) * (mixed(matrix.indices.astype(numpy.uint64), numpy) | numpy.uint64(1))
    sums = numpy.concatenate([numpy.zeros(1, numpy.uint64), numpy.cumsum(terms, dtype=numpy.uint64)])
    return mixed(sums[matrix.indptr[1:]] - sums[matrix.indptr[:-1]], numpy)


def sample(hashes: Any, numpy: Any) -> tuple[Any, int]:
    """(places of the kept rows, how many low bits are zero in all of them)."""
    bits = 0
    while len(hashes) >> (bits + 1) >= KEEP:
        bits += 1
    return ending_in_zeros(hashes, bits, numpy), bits


def ending_in_zeros(hashes: Any, bits: int, numpy: Any) -> Any:
    return numpy.flatnonzero((hashes & numpy.uint64((1 << bits) - 1)) == 0)


def as_text(hashes: Any, numpy: Any) -> str:
    """Twelve hexadecimal digits each: the lower 48 bits, by which a sample can be thinned out further."""
    digits: str = hashes.astype(">u8").view(numpy.uint8).reshape(-1, 8)[:, 2:].tobytes().hex()
    return digits
