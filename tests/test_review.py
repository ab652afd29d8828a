"""Accounts, the review of a text, the audit trail, and a person's data."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from copilot import (
    Brief,
    Comment,
    ConflictError,
    Copilot,
    InputError,
    PermissionDenied,
    StoreError,
    triage,
)
from copilot.review import word_changes
from tests.conftest import NOW

PASSWORD = "un vélo vert au matin"
GOOD = "Nous livrons partout en Corse pour 119 €, sauf le Portefaix."


@pytest.fixture
def team(sample: Copilot) -> Copilot:
    sample.accounts.save("ada", "admin", PASSWORD, actor="", at=NOW)
    sample.accounts.save("mia", "manager", PASSWORD, actor="ada", at=NOW)
    sample.accounts.save("ana", "agent", PASSWORD, actor="ada", at=NOW)
    return sample


@pytest.fixture
def submitted(team: Copilot) -> str:
    reply = team.reply("Livrez-vous en Corse, et à quel prix ?", actor="ana")
    team.reviews.submit(reply.id, GOOD, actor="ana")
    return reply.id


def test_without_accounts_the_one_local_user_may_do_everything(sample: Copilot) -> None:
    reply = sample.reply("Livrez-vous en Corse, et à quel prix ?")
    sample.reviews.submit(reply.id, GOOD)
    assert sample.reviews.approve(reply.id, seen=1).state == "approved"


def test_a_text_is_submitted_sent_back_edited_and_approved(team: Copilot, submitted: str) -> None:
    back = team.reviews.send_back(submitted, "Ajoutez le délai.", actor="mia", seen=1)
    assert back.state == "changes_requested"
    assert [(r.actor, r.text) for r in back.remarks] == [("mia", "Ajoutez le délai.")]
    team.reviews.submit(submitted, GOOD, actor="ana", seen=2)
    assert team.reviews.approve(submitted, actor="mia", seen=3).decided_by == "mia"
    assert [e.action for e in team.reviews.trail(actor="mia")][-4:] == [
        "submitted",
        "changes_requested",
        "submitted",
        "approved",
    ]


def test_an_agent_cannot_approve_and_a_stranger_cannot_write(team: Copilot, submitted: str) -> None:
    for actor in ("ana", "nobody", ""):
        with pytest.raises(PermissionDenied):
            team.reviews.approve(submitted, actor=actor, seen=1)
    with pytest.raises(PermissionDenied):
        team.reply("Bonjour", actor="nobody")
    with pytest.raises(PermissionDenied):
        team.ingest(actor="ana")


def test_four_eyes_refuse_ones_own_text(team: Copilot) -> None:
    team.settings = team.settings.model_copy(update={"four_eyes": True})
    reply = team.reply("Livrez-vous en Corse, et à quel prix ?", actor="mia")
    team.reviews.submit(reply.id, GOOD, actor="mia")
    with pytest.raises(PermissionDenied):
        team.reviews.approve(reply.id, actor="mia", seen=1)
    assert team.reviews.approve(reply.id, actor="ada", seen=1).state == "approved"


def test_four_eyes_refuse_ones_own_change_to_somebody_elses_text(team: Copilot) -> None:
    team.settings = team.settings.model_copy(update={"four_eyes": True})
    reply = team.reply("Livrez-vous en Corse, et à quel prix ?", actor="ana")
    team.reviews.submit(reply.id, GOOD, actor="ana")
    team.reviews.edit(reply.id, GOOD + " À bientôt.", actor="mia", seen=1)
    with pytest.raises(PermissionDenied):
        team.reviews.approve(reply.id, actor="mia", seen=2)
    assert team.reviews.approve(reply.id, actor="ada", seen=2).state == "approved"


def test_only_what_was_submitted_can_be_approved(team: Copilot, submitted: str) -> None:
    team.reviews.reject(submitted, "Hors sujet.", actor="mia", seen=1)
    with pytest.raises(ConflictError):
        team.reviews.approve(submitted, actor="mia", seen=2)
    team.reviews.submit(submitted, GOOD, actor="ana", seen=2)
    assert team.reviews.approve(submitted, actor="mia", seen=3).state == "approved"


def test_two_people_on_one_text_get_a_conflict_not_a_lost_edit(team: Copilot, submitted: str) -> None:
    team.reviews.edit(submitted, GOOD + " À bientôt.", actor="ana", seen=1)
    with pytest.raises(ConflictError):
        team.reviews.edit(submitted, "Autre texte.", actor="mia", seen=1)
    review = team.reviews.get(submitted)
    assert review is not None
    assert review.text.endswith("À bientôt.")
    with pytest.raises(ConflictError):
        team.reviews.submit(submitted, "Encore.", actor="ana")


def test_an_error_blocks_approval_until_a_reason_is_written(team: Copilot, submitted: str) -> None:
    team.reviews.edit(submitted, GOOD.replace("119", "89"), actor="ana", seen=1)
    with pytest.raises(InputError) as caught:
        team.reviews.approve(submitted, actor="mia", seen=2)
    assert "facts.contradicted" in caught.value.in_language("fr")
    why = {"facts.contradicted": "Tarif consenti par la direction."}
    assert team.reviews.approve(submitted, actor="mia", seen=2, overrides=why).state == "approved"
    assert "override:facts.contradicted" in [e.action for e in team.reviews.trail(actor="mia")]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET actor = 'x' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)",
        "DELETE FROM audit",
    ],
)
def test_the_trail_shows_that_it_was_rewritten(submitted: str, team: Copilot, tampering: str) -> None:
    assert [e.subject for e in team.reviews.trail(actor="mia")][-1] == submitted
    assert team.reviews.broken() == []
    engine = sa.create_engine(team.workspace.store_address)
    with engine.begin() as connection:
        connection.execute(sa.text(tampering))
    engine.dispose()
    assert team.reviews.broken() != []


def test_a_persons_data_is_shown_and_erased_and_the_trail_still_holds(team: Copilot) -> None:
    reply = team.reply(
        Comment("Bonjour, c’est camille@exemple.fr. Livrez-vous en Corse ?", "Camille"), actor="ana"
    )
    team.reviews.submit(reply.id, GOOD, actor="ana")
    assert [e.reply.id for e in team.people.held("camille@exemple.fr", actor="mia")] == [reply.id]
    assert team.people.erase("camille@exemple.fr", actor="mia") == 1
    with pytest.raises(StoreError):
        team.store.reply(reply.id)
    assert team.store.gaps() == []
    assert team.reviews.broken() == []
    assert "erased" in [e.action for e in team.reviews.trail(actor="mia")]


def test_posts_and_examples_that_name_a_person_go_with_her_data(team: Copilot) -> None:
    brief = Brief("Raconter la sortie avec Hélène Zyeux", channels=("linkedin_post",))
    named, other = (
        team.write(brief, actor="ana")[0],
        team.write(replace(brief, objective="x"), actor="ana")[0],
    )
    team.posts.edit(other.id, "Merci à Hélène Zyeux pour la photo.", actor="ana")
    kept = team.write(replace(brief, objective="Annoncer l’hiver"), actor="ana")[0]
    examples = team.workspace.knowledge / "triage"
    triage.correct(examples, "Hélène Zyeux a raison", {"intents": ["praise"]})
    held = team.people.posts("helene zyeux", actor="mia")
    assert {post["id"] for post in held} == {named.id, other.id}
    assert [e["text"] for post in held for e in post["edits"]] == ["Merci à Hélène Zyeux pour la photo."]
    assert team.people.erase("Hélène Zyeux", actor="mia") == 2
    assert team.people.posts("Zyeux", actor="mia") == []
    assert "Zyeux" not in (examples / "corrections.yml").read_text(encoding="utf-8")
    assert team.posts.saved(kept.id)
    with pytest.raises(StoreError):
        team.posts.saved(other.id)
    assert team.reviews.broken() == []


@pytest.mark.parametrize(
    ("person", "found"),
    [("helene", 1), ("HÉLÈNE", 1), ("He\u0301le\u0300ne", 1), ("élè", 0), ("Cyclamène", 0)],
)
def test_a_person_is_found_by_whole_words_whatever_their_accents(
    team: Copilot, person: str, found: int
) -> None:
    team.reply(Comment("Ici Hélène. Livrez-vous en Corse ?"), actor="ana")
    assert len(team.people.held(person, actor="mia")) == found


def test_what_was_written_about_a_person_in_review_goes_with_her_data(team: Copilot, submitted: str) -> None:
    team.reviews.remark(submitted, "C’est Madame Zyeux qui demande.", actor="mia")
    assert team.people.erase("Zyeux", actor="mia") == 1
    assert team.reviews.get(submitted) is None


def test_old_comments_are_made_anonymous_once(team: Copilot) -> None:
    team.reply(Comment("Je suis joignable au 06 39 98 12 34. Livrez-vous en Corse ?", "Camille"), actor="ana")
    assert team.people.anonymise(0, actor="mia") in (0, 1)
    team.people.anonymise(-1, actor="mia")
    entry = team.history()[0]
    assert "06 39 98 12 34" not in entry.reply.comment.text
    assert entry.reply.comment.author == ""
    assert team.people.anonymise(-1, actor="mia") == 0


def test_passwords_open_only_their_own_account(team: Copilot) -> None:
    user = team.accounts.authenticate("mia", PASSWORD)
    assert user is not None
    assert user.role == "manager"
    assert PASSWORD not in user.password_hash
    assert team.accounts.authenticate("mia", "autre chose de long") is None
    assert team.accounts.authenticate("nobody", PASSWORD) is None
    team.accounts.disable("mia", actor="ada", at=NOW)
    assert team.accounts.authenticate("mia", PASSWORD) is None


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [("x", "agent", PASSWORD), ("x", "admin", "court"), ("a b", "admin", PASSWORD)],
)
def test_an_account_that_cannot_serve_is_refused(
    sample: Copilot, name: str, role: str, password: str
) -> None:
    with pytest.raises(InputError):
        sample.accounts.save(name, role, password, actor="", at=NOW)  # type: ignore[arg-type]


def test_the_last_admin_stays(team: Copilot) -> None:
    with pytest.raises(InputError):
        team.accounts.disable("ada", actor="ada", at=NOW)
    with pytest.raises(InputError):
        team.accounts.save("ada", "agent", PASSWORD, actor="ada", at=NOW)
    with pytest.raises(InputError):
        team.accounts.set_role("ada", "manager", actor="ada", at=NOW)
    team.accounts.set_role("mia", "admin", actor="ada", at=NOW)
    team.accounts.disable("ada", actor="mia", at=NOW)
    assert team.accounts.role("ada") is None


def test_a_person_changes_her_own_password_knowing_the_old_one(team: Copilot) -> None:
    with pytest.raises(InputError):
        team.accounts.change_password("ana", "autre chose de long", "un nouveau mot long", at=NOW)
    team.accounts.change_password("ana", PASSWORD, "un nouveau mot long", at=NOW)
    assert team.accounts.authenticate("ana", "un nouveau mot long")
    assert team.accounts.authenticate("ana", PASSWORD) is None


def test_a_password_opens_however_the_keyboard_composes_its_accents(team: Copilot) -> None:
    import unicodedata

    assert team.accounts.authenticate("ana", unicodedata.normalize("NFD", PASSWORD)) is not None


def test_an_identity_provider_cannot_take_a_local_account_over(team: Copilot) -> None:
    assert team.accounts.admit("ada", "admin", at=NOW) is None
    assert team.accounts.admit("lea@exemple.fr", "agent", at=NOW) is not None
    assert team.accounts.authenticate("lea@exemple.fr", "oidc") is None
    team.accounts.disable("lea@exemple.fr", actor="ada", at=NOW)
    assert team.accounts.admit("lea@exemple.fr", "agent", at=NOW) is None


def test_sessions_end_by_time_by_signing_out_and_with_the_account(team: Copilot) -> None:
    from datetime import timedelta

    from copilot.sessions import IDLE, LONGEST

    moment = [NOW]
    team._clock = lambda: moment[0]
    idle, closed, mia, token = (
        team.sessions.open("ana"),
        team.sessions.open("ana"),
        team.sessions.open("mia"),
        team.sessions.issue("ana", days=30, actor="ada"),
    )
    assert [team.sessions.whose(s) for s in (idle, mia, token, "", "invented")] == [
        "ana",
        "mia",
        "ana",
        "",
        "",
    ]
    team.sessions.close(closed)
    assert team.sessions.whose(closed) == ""
    for _ in range(3):
        moment[0] += IDLE - timedelta(minutes=1)
        assert team.sessions.whose(mia) == "mia"
    assert team.sessions.whose(idle) == ""
    team.accounts.disable("mia", actor="ada", at=NOW)
    assert team.sessions.whose(mia) == ""
    moment[0] = NOW + LONGEST
    assert team.sessions.whose(token) == "ana"
    assert team.sessions.close_all("ana", actor="ada") == 2
    assert team.sessions.whose(token) == ""
    with pytest.raises(PermissionDenied):
        team.sessions.issue("ada", days=30, actor="ana")


def test_a_copy_of_the_store_opens_no_session(team: Copilot) -> None:
    secret = team.sessions.open("ana")
    assert secret.encode() not in (team.workspace.state / "store.db").read_bytes()
    assert secret.encode() not in (team.workspace.state / "store.db-wal").read_bytes()


def test_changes_are_shown_word_by_word() -> None:
    changes = word_changes("Livraison en 3 jours.", "Livraison sous 3 jours ouvrés.")
    assert [(c.kind, c.text) for c in changes if c.kind != "same"] == [
        ("removed", "en"),
        ("added", "sous"),
        ("added", " ouvrés"),
    ]
    assert "".join(c.text for c in changes if c.kind != "removed") == "Livraison sous 3 jours ouvrés."
