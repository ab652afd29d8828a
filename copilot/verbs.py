"""The verbs of ``Copilot``, each of which is also a command. The CLI takes its help from this table.

``CLI_ONLY`` names the commands that have no verb: they act on a machine or a folder, not in a workspace.
"""

from __future__ import annotations

VERBS: dict[str, str] = {
    "ingest": "Index what changed in knowledge/.",
    "search": "Find the passages that answer a question.",
    "triage": "Say what a comment is and what should happen with it.",
    "reply": "Draft a reply, prove its facts and check it.",
    "write": "Write the posts of a brief, one a channel.",
    "check": "Check texts; exit 1 when one has an error.",
    "fix": "Apply the safe fixes to a text.",
    "accept": "Record the text that was sent, and learn from it.",
    "unaccept": "Take an acceptance back, and what was learnt from it.",
    "history": "Show saved replies.",
}

CLI_ONLY: dict[str, str] = {
    "init": "Make an empty workspace.",
    "ui": "Open the screens in the browser.",
    "doctor": "Say what is wrong on this machine and how to mend it.",
    "backup": "Write the whole workspace into one archive.",
    "restore": "Unpack a backup into a folder.",
}

ROOMS: dict[str, str] = {
    "health": "Report on the knowledge: contradictions, dates, duplicates, gaps.",
    "import": "Bring a page, a file, an export or past replies into the knowledge.",
    "entry": "Show and change the entries of the knowledge.",
    "review": "Submit texts, approve them or send them back.",
    "account": "Say who may sign in, in which role.",
    "audit": "Verify and export the trail of who decided what.",
    "person": "Show, erase or anonymise what is held on a person.",
    "lab": "Run golden cases, compare runs, decide whether a prompt may ship.",
    "prompts": "List, show and compare prompts.",
}
"""Commands over a part of ``Copilot`` (``copilot.knowledge``) rather than a verb of its own."""

API_ONLY: dict[str, str] = {
    "edit": "Keep an edited version: the screens call it as the user types.",
    "refresh": "Read files and index again.",
    "warm_up": "Open the parts before they are needed.",
    "as_retriever": "The search as a LangChain retriever.",
    "now": "The present moment in the brand's time zone.",
}
