"""Personal data in comments: found, masked before anything leaves the process, and put back afterwards.

Kinds: ``name email phone address iban card nir siret plate id_number order ip``. Numbers that
carry a key (card, IBAN, NIR, SIRET or SIREN) count only when the key is right.
"""

from __future__ import annotations

from copilot.privacy.mask import Masked, mask, names_of
from copilot.privacy.search import KINDS, find

__all__ = ["KINDS", "Masked", "find", "mask", "names_of"]
