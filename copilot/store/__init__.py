"""What must survive: replies with all that led to them, accepted texts, learnt exemplars, gaps, spending.

The only place that knows SQLAlchemy. SQLite by default, PostgreSQL by its address.
"""

from copilot.store.audit import AuditEntry
from copilot.store.reviews import Remark, Review, ReviewBook, Role, User
from copilot.store.store import Exemplar, Gap, HistoryEntry, Judgement, Store, open_store

__all__ = [
    "AuditEntry",
    "Exemplar",
    "Gap",
    "HistoryEntry",
    "Judgement",
    "Remark",
    "Review",
    "ReviewBook",
    "Role",
    "Store",
    "User",
    "open_store",
]
