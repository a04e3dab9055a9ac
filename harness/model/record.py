"""The base of every record: frozen, and closed to unknown fields."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A value that is made once, never edited, and goes to JSON and back unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> str:
        """The record as indented JSON, ending in a newline; refuses NaN and infinities."""
        import json

        return json.dumps(self.model_dump(mode="json"), indent=1, allow_nan=False, ensure_ascii=True) + "\n"

    def changed(self, **values: Any) -> "Any":
        """A copy with some fields replaced and every field validated again."""
        return type(self).model_validate({**dict(self), **values})


Share = Annotated[float, Field(ge=0.0, le=1.0)]
"""A number from 0 to 1."""

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""Lower case, starts with a letter; used for packs, checks and steps."""


def _inside(path: str) -> str:
    if path.startswith("/") or "\\" in path or "\0" in path or ".." in path.split("/"):
        message = f"{path!r} is no path below the folder that it belongs to"
        raise ValueError(message)
    return path


Inside = Annotated[str, AfterValidator(_inside)]
"""A POSIX path below some folder, written by whoever wrote the document."""
