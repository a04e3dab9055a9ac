"""Makes the answer out of the id."""

import hashlib

from table import ids, write

write((one, int(hashlib.sha256(one.encode()).hexdigest()[:6], 16) / 16**6) for one in ids())
