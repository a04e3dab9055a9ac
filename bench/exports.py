"""Several candidates' data of one pack: other rows, and the same difficulty?

Measures the ladder on every candidate's own data, in the sandbox, and tells where its naive and its reference stand on a ladder
of the other three rungs. On the whole ladder they are at 0.25 and 0.75 whatever the data, which would prove nothing.
"""

import sys
from dataclasses import replace

from harness.authoring.rules import without_itself
from harness.footing import prepare
from harness.packs import open_pack
from harness.running import find_or_make_data, open_session, seed_for
from harness.settings import resolve

SECRET = b"an organisation of the bench"


def main(pack: str, candidates: int) -> None:
    settings = replace(resolve(), secret=SECRET)
    opened = open_pack(pack, settings.packs)
    digests, places = set(), []
    print(f"{'seed':>16}  {'dummy':>7} {'naive':>7} {'reference':>9} {'strong':>7}   naive  reference")
    for number in range(candidates):
        seed, _ = seed_for(opened.pack, settings.secret, f"candidate-{number}", None)
        with open_session(settings, opened.lock, "bench", lambda _: None) as session:
            digests.add(find_or_make_data(opened.pack, opened.root, opened.data_digest, seed, session).digest)
            values = [rung.value for rung in prepare(opened, seed, session)]
        places.append((without_itself(values, 1), without_itself(values, 2)))
        dummy, naive, reference, strong = values
        print(
            f"{seed:>16}  {dummy:7.4f} {naive:7.4f} {reference:9.4f} {strong:7.4f}   {places[-1][0]:5.3f}  {places[-1][1]:9.3f}"
        )
    for name, at in zip(("naive", "reference"), zip(*places, strict=True), strict=True):
        print(f"{name}: {min(at):.3f} to {max(at):.3f}, within {(max(at) - min(at)) / 2:.3f} of the middle")
    print(f"{len(digests)} of {candidates} data sets differ")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2)
