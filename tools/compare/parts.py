"""The parts of the comparison, in the order in which they are measured."""

import dataclasses
import typing

from . import growth, lasting, matrix


@dataclasses.dataclass(frozen=True)
class Part:
    minutes: float  # with the default options, on two cores
    measure: typing.Callable


PARTS = {
    "main": Part(19, matrix.measure_main),
    "connections": Part(5, matrix.measure_connections),
    "sizes": Part(6, matrix.measure_sizes),
    "auth": Part(1, matrix.measure_auth),
    "cores": Part(3, matrix.measure_cores),
    "million": Part(8, growth.measure_million),
    "start": Part(1, lasting.measure_start),
    "tables": Part(3, growth.measure_tables),
    "idle": Part(2, growth.measure_idle),
    "soak": Part(11, lasting.measure_soak),
    "triggers": Part(1, lasting.measure_triggers),
}
