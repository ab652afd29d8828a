"""What must survive: replies with all that led to them, accepted texts, learnt exemplars, gaps, spending.

The only place that knows SQLAlchemy. SQLite by default, PostgreSQL by its address.
"""

from copilot.store.audit import AuditEntry
from copilot.store.posts import PostBook, SavedPost
from copilot.store.reviews import Remark, Review, ReviewBook, Role, User, saying
from copilot.store.sessions import SessionBook, SessionRow
from copilot.store.store import Exemplar, Gap, HistoryEntry, Judgement, Store, open_store

__all__ = [
    "AuditEntry",
    "Exemplar",
    "Gap",
    "HistoryEntry",
    "Judgement",
    "PostBook",
    "Remark",
    "Review",
    "ReviewBook",
    "Role",
    "SavedPost",
    "SessionBook",
    "SessionRow",
    "Store",
    "User",
    "open_store",
    "saying",
]
