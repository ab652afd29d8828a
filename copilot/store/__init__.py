"""What must survive: replies with all that led to them, accepted texts, learnt exemplars, gaps, spending.

The only place that knows SQLAlchemy. SQLite by default, PostgreSQL by its address.
"""

from copilot.store.store import Exemplar, Gap, HistoryEntry, Store, open_store

__all__ = ["Exemplar", "Gap", "HistoryEntry", "Store", "open_store"]
