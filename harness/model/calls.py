"""Words of hidden probes: calls of functions in a sandbox, and what is expected of the values they return.

Only the calls enter a sandbox. Values travel as JSON; these forms stand for what JSON has no word for:

    {"$csv": TEXT}      a pandas frame            {"$array": [...]}    a numpy array
    {"$result": N}      the value of step N       {"$table": {...}}    a frame that came back, by column
    {"$fields": {...}}  a dataclass that came back {"$opaque": TYPE}   a value that cannot be told
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from harness.model.record import Identifier, Record


class CallStep(Record):
    """One call: a function named as `module:name`, or a method of an earlier step's value."""

    function: str | None = Field(default=None, pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$")
    on: int | None = Field(default=None, ge=0, description="Step whose value has the method.")
    method: str | None = None
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = Field(default_factory=dict)
    told: bool = Field(default=False, description="Whether its value comes back; the last step's always does.")


class Call(Record):
    """Steps that are carried out one after the other in a process of their own."""

    id: Identifier
    steps: tuple[CallStep, ...] = Field(min_length=1)
    limit_s: float = Field(default=120, gt=0, le=600, description="Wall time. Generous: a busy host must not decide.")
    cpu_s: int | None = Field(
        default=None, ge=1, le=600, description="Processor time, for what has to be quick: a busy host does not change it."
    )


class Pick(Record):
    """A value that came back, or a part of it: numbers choose items of a list, words choose fields and columns."""

    call: Identifier
    step: int | None = None
    path: tuple[int | str, ...] = ()


class Equals(Record):
    kind: Literal["equals"] = "equals"
    of: Pick
    value: Any
    tolerance: float = Field(default=1e-6, ge=0)


class Same(Record):
    """Two values that came back are equal."""

    kind: Literal["same"] = "same"
    of: Pick
    other: Pick
    tolerance: float = Field(default=1e-6, ge=0)


class Apart(Record):
    """Two lists that came back share no value."""

    kind: Literal["apart"] = "apart"
    of: Pick
    other: Pick


class Before(Record):
    """Every number of one list is smaller than every number of the other."""

    kind: Literal["before"] = "before"
    of: Pick
    other: Pick


class MeanBetween(Record):
    """The mean of a list of numbers, or a number itself. `column` picks a place in each of a list's rows."""

    kind: Literal["mean_between"] = "mean_between"
    of: Pick
    low: float
    high: float
    column: int | None = None


class Raises(Record):
    kind: Literal["raises"] = "raises"
    call: Identifier


class Returns(Record):
    """The call came to its end in time, whatever it returned."""

    kind: Literal["returns"] = "returns"
    call: Identifier


class LogLacks(Record):
    """What the call wrote to its log does not hold this text."""

    kind: Literal["log_lacks"] = "log_lacks"
    call: Identifier
    text: str


class AnyOf(Record):
    kind: Literal["any_of"] = "any_of"
    of: tuple["Expectation", ...] = Field(min_length=1)


Expectation = Annotated[
    Equals | Same | Apart | Before | MeanBetween | Raises | Returns | LogLacks | AnyOf, Field(discriminator="kind")
]


class CallProbe(Record):
    """One thing that is expected. The title says it to a person; candidates see neither."""

    id: Identifier
    title: str
    expect: tuple[Expectation, ...] = Field(min_length=1, description="All of them.")


class CallProbes(Record):
    """probes.json: private."""

    format: Literal[1] = 1
    canary: str = ""
    preload: tuple[str, ...] = Field(default=(), description="Modules of the environment that are loaded once for all calls.")
    calls: tuple[Call, ...] = Field(min_length=1)
    probes: tuple[CallProbe, ...] = Field(min_length=1)

    def requests(self) -> dict[str, Any]:
        """What may enter a sandbox: the calls, and nothing that is expected of them."""
        return {"preload": list(self.preload), "calls": [call.model_dump(mode="json") for call in self.calls]}
