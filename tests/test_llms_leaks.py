"""Every byte that leaves for an endpoint is searched: no personal data of 300 invented comments is in it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence

import pytest

from copilot import compose, privacy
from copilot.brand import load_brand
from copilot.llms import LLMOptions, embeddings, masked, masked_embedder, open_llm, open_moderation
from copilot.records import Chunk, Comment, Passage, Triage
from tests.conftest import ROOT
from tests.llm_server import Answer, ScriptedServer

FRENCH = [
    "Bonjour, mon colis n’est jamais arrivé. Écrivez à {email} ou appelez le {phone}. Cordialement, {name}",
    "Ma carte {card} a été débitée deux fois ! Mon IBAN : {iban}. Cordialement, {name}",
    "J’habite au {address} et j’attends toujours, mon numéro est le {phone}",
    "Remboursez-moi sur {iban}, mon mail {email}",
    "Mon numéro de sécu {nir} vous a été envoyé par erreur, effacez-le. Merci, {name}",
]
ENGLISH = [
    "Hello, my parcel never came. Write to {email} or call {phone}. Best regards, {name}",
    "My card {card} was charged twice! Refund {iban} please. Regards, {name}",
]
NAMES = ["Camille Durand", "Zoé Lefèvre", "Karim Benali", "Jean-Pierre Moreau", "Nora Haddad", "Hugo Petit"]


def luhn(digits: str) -> str:
    total = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(digits), 1))
    return digits + str(-total % 10)


def invented(draw: random.Random) -> dict[str, str]:
    def digits(count: int) -> str:
        return "".join(draw.choice("0123456789") for _ in range(count))

    name = draw.choice(NAMES)
    bank = f"30004{digits(5)}{digits(11)}"
    bank += f"{97 - int(bank + '00') % 97:02d}"
    check = 98 - int(bank + "152700") % 97
    person = f"{draw.choice('12')}{digits(2)}0{draw.randint(1, 9)}75{draw.randint(100, 900)}{digits(2)}1"
    phone = f"{draw.choice(['061', '062', '066', '076'])}{digits(7)}"
    return {
        "name": name,
        "email": f"{name.split()[0].lower()}.{digits(3)}@exemple.fr".replace("é", "e"),
        "phone": draw.choice([phone, " ".join(phone[i : i + 2] for i in range(0, 10, 2)), f"+33{phone[1:]}"]),
        "card": luhn("497010" + digits(9)),
        "iban": f"FR{check:02d}{bank}",
        "nir": person + f"{97 - int(person) % 97:02d}",
        "address": f"{draw.randint(1, 99)} rue des Lilas, 7500{draw.randint(1, 9)} Paris",
    }


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def test_no_personal_data_in_any_byte_sent(server: ScriptedServer) -> None:
    brand = load_brand(ROOT / "brand.yml")
    passage = Passage(Chunk("c1", "d", "faq.md", "Le colis arrive sous 3 jours.", question="Délai ?"), 0.9)
    server.script(Answer("Bonjour [[name]], sous 3 jours [[1]]."))

    def mask(texts: Sequence[str]) -> tuple[list[str], Callable[[str], str]]:
        hidden = privacy.mask(*texts, country=brand.country, patterns=brand.patterns)
        return list(hidden.texts), hidden.restore

    llm = masked(open_llm(LLMOptions("small", server.url)), mask)
    embedder = masked_embedder(embeddings("openai:m", base_url=server.url), mask)
    moderate = open_moderation("m", base_url=server.url, mask=mask)
    draw = random.Random(7)
    secrets: list[dict[str, str]] = []
    texts = []
    for number in range(300):
        language, templates = ("en", ENGLISH) if number % 4 == 0 else ("fr", FRENCH)
        person = invented(draw)
        template = draw.choice(templates)
        text = template.format(**person)
        comment = Comment(text, author=person["name"])
        messages, markers = compose.compose_reply(
            comment, Triage(), [passage], brand, language=language, register="vous", channel="web"
        )
        answer = llm.complete(messages)
        first = compose.first_name(person["name"])
        assert compose.read_reply(answer.text, markers, name=first)[0].startswith(f"Bonjour {first}")
        secrets.append({kind: value for kind, value in person.items() if value in text})
        texts.append(text)
    embedder.embed(texts, query=True)
    moderate(texts)

    sent = [json.dumps(r.json, ensure_ascii=False) for r in server.journal]
    everything = "\n".join(sent)
    assert len(sent) >= 302
    leaks = {(kind, value) for person in secrets for kind, value in person.items() if value in everything}
    assert not leaks
