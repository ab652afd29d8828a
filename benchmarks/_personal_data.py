"""Customer messages with known personal data, written from templates: seeded, no real person in them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

Message = dict[str, object]

_FIRST = """
    Camille Léa Julien Inès Mehdi Fatou Anne-Sophie Jean-Baptiste Zoé Karim Élodie Thibault Noémie Youssef
    Chloé Bastien Aïcha Gaëlle Hugo Solène Emily Oliver Grace Harry Charlotte Liam
"""
_LAST = """
    Martin Lefèvre Benali O’Connor Dupuis Traoré Girard Nguyen Le_Goff De_Oliveira Petitjean Rousseau Haddad
    Marchand Delaunay Kowalski Smith Baker Walsh Hughes
"""
_STREETS = """
    rue_des_Lilas avenue_Jean-Jaurès boulevard_de_la_Liberté place_du_Marché allée_des_Tilleuls
    chemin_du_Moulin impasse_Voltaire quai_Saint-Michel rue_de_l’Église route_de_Vannes cours_Gambetta
"""
_TOWNS = """
    75011_Paris 69003_Lyon 33000_Bordeaux 44100_Nantes 13008_Marseille 59800_Lille 35000_Rennes
    31400_Toulouse 67000_Strasbourg 06300_Nice 92100_Boulogne-Billancourt 49100_Angers
"""

_FRAMES: Mapping[str, tuple[str, ...]] = {
    "name": (
        "Bonjour, je m’appelle {}, je n’ai toujours pas reçu mon colis.",
        "Toujours en attente d’un retour de votre part. Cordialement, {}",
        "Mon nom est {} et je souhaite annuler ma réservation.",
        "Pouvez-vous me rappeler ? Merci d’avance.\n{}",
        "C’est Mme {} qui a passé la commande, pas moi.",
        "M. {} du magasin de Lyon a été très aimable.",
        "Hello, my name is {} and I need a refund.",
        "Still waiting for an answer. Kind regards, {}",
    ),
    "email": (
        "Vous pouvez m’écrire à {} merci",
        "mon adresse mail est {}, j’attends votre réponse",
        "Please reply to {}.",
        "Compte associé : {}",
        "({}) c’est mon mail",
    ),
    "phone": (
        "Rappelez-moi au {} svp",
        "Mon numéro : {}.",
        "tel {} après 18 h",
        "You can call me on {} any time",
        "Je suis joignable au {}, merci",
    ),
    "address": (
        "Livraison prévue au {}, personne n’est venu.",
        "J’habite {} et le livreur ne trouve jamais.",
        "Mon adresse : {}",
        "Le colis devait arriver au {}. Rien !",
    ),
    "iban": ("Voici mon IBAN : {}", "remboursez sur {} merci", "RIB {} pour le virement."),
    "card": (
        "J’ai payé avec la carte {} et j’ai été débité deux fois",
        "CB {} exp 04/28",
        "my card {} was charged twice",
    ),
    "nir": ("Mon numéro de sécu : {}", "n° de sécurité sociale {} si besoin", "NIR {}"),
    "siret": (
        "Notre SIRET est le {}",
        "Facture au nom de la société, SIRET {}.",
        "siret : {} pour la facture pro",
    ),
    "plate": (
        "Ma voiture immatriculée {} a été rayée sur votre parking",
        "plaque {}",
        "Véhicule {} garé devant",
    ),
    "id_number": (
        "passeport n° {}",
        "Ma carte d’identité numéro {} a expiré",
        "my passport number is {}",
        "CNI : {}",
    ),
    "order": (
        "Où en est ma commande n° {} ?",
        "commande {} jamais reçue",
        "Order #{} still not shipped",
        "Numéro de suivi : {}",
        "Mon dossier {} est bloqué depuis lundi.",
        "réf. {} annulée sans explication",
    ),
    "ip": ("Connexion suspecte depuis {} hier soir", "mon IP {} est bloquée", "blocked IP: {}"),
}

_CLEAN = (
    "Bonjour, à quelle heure ouvrez-vous le {d} ?",
    "Le vélo à {p} € est-il encore en stock ?",
    "J’ai attendu {n} jours pour rien, c’est honteux.",
    "Merci à toute l’équipe de {t}, vous êtes au top !",
    "La version {v} plante sur mon téléphone.",
    "Livraison en {n} jours annoncée, {n2} en réalité…",
    "I paid {p} euros and waited {n} weeks.",
    "Mon Samsung S{n} ne se connecte plus depuis la mise à jour {v}.",
    "Il reste {n} places pour le {d} {n} mai 2026 ?",
    "Taille {n2} ou {n} pour 1 m {n2} ?",
    "Score final {n}-{n2}, bravo {t} !",
    "Depuis 2019 je compte {p} pas par jour.",
    "La garantie de {n} ans couvre-t-elle la batterie de {p} Wh ?",
    "Le {d} {n}/0{o}/2026 vous étiez fermés ?",
    "J’ai fait {p} km avec, aucun souci.",
    "Great service in {t}, {n} out of 10!",
    "Réduction de {n} % à partir de {p} €, c’est cumulable ?",
    "Article à {p},99 € affiché à {n},50 €, erreur ?",
    "Bonne journée à tous",
    "Merci Lyon et Paris pour l’accueil",
    "Cordialement",
    "Top, rien à dire. Bravo !",
    "Pris au rayon {n}, allée {n2}, introuvable.",
    "De 8h30 à 12h30 et de 14h à {n}h ?",
    "RDV à {n}h{n2} place de la mairie",
    "Code promo NOEL{n} refusé",
    "Il y a {n} personnes devant moi depuis {n2} minutes",
    "Pneus 700x{n}, valve {n2} mm ?",
)


def messages(count: int, clean: int, seed: int = 7) -> Iterator[Message]:
    """Yield ``count`` messages of every kind with their spans, then ``clean`` messages without any."""
    chance = random.Random(seed)
    for kind, frames in _FRAMES.items():
        for _ in range(count):
            frame, value = chance.choice(frames), _VALUES[kind](chance)
            text = frame.replace("{}", value)
            start = frame.index("{}")
            yield {
                "text": text,
                "lang": "und",
                "pii": [{"type": kind, "start": start, "end": start + len(value)}],
            }
    for _ in range(clean):
        frame = chance.choice(_CLEAN)
        yield {"text": _fill(frame, chance), "lang": "und", "pii": []}


def _fill(frame: str, chance: random.Random) -> str:
    values = {
        "d": chance.choice(("lundi", "samedi", "dimanche")),
        "p": str(chance.randint(100, 12000)),
        "n": str(chance.randint(2, 30)),
        "n2": str(chance.randint(31, 99)),
        "o": str(chance.randint(1, 9)),
        "t": chance.choice(("Paris", "Lyon", "Nantes", "Lille")),
        "v": ".".join(str(chance.randint(0, 12)) for _ in range(3)),
    }
    for name, value in values.items():
        frame = frame.replace(f"{{{name}}}", value)
    return frame


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _grouped(digits: str, sizes: tuple[int, ...], separator: str) -> str:
    groups, at = [], 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    return separator.join(groups)


def _name(chance: random.Random) -> str:
    first, last = chance.choice(_FIRST.split()), chance.choice(_LAST.split()).replace("_", " ")
    return chance.choice((f"{first} {last}", f"{first} {last}", f"{first} {last.upper()}"))


def _email(chance: random.Random) -> str:
    first = chance.choice(("camille", "j.dupuis", "zoe_le-goff", "m.benali42"))
    last = chance.choice(("pro", "mail", "ma-boite"))
    return f"{first}@{last}{chance.choice(('.fr', '.com', '.co.uk', '.paris'))}"


def _phone(chance: random.Random) -> str:
    number = chance.choice("1234567") + _digits(chance, 8)
    number = {"3": "3", "4": "4"}.get(number[0], number[0]) + "2" + number[2:]
    pairs = _grouped("0" + number, (2, 2, 2, 2, 2), chance.choice((" ", ".", "-", "", "\u00a0", " / ")))
    abroad = chance.choice(("+33 ", "+33", "0033 ", "+33 (0)")) + _grouped(
        number, (1, 2, 2, 2, 2), chance.choice((" ", ""))
    )
    return chance.choice((pairs, pairs, abroad))


def _address(chance: random.Random) -> str:
    street, town = (
        chance.choice(_STREETS.split()).replace("_", " "),
        chance.choice(_TOWNS.split()).replace("_", " "),
    )
    number = f"{chance.randint(1, 250)}{chance.choice(('', '', ' bis', ' ter'))}"
    return chance.choice(
        (f"{number} {street}, {town}", f"{number}, {street} {town}", f"{number} {street} {town}")
    )


def _iban(chance: random.Random) -> str:
    body = _digits(chance, 23)
    check = 98 - int(body + "152700") % 97
    plain = f"FR{check:02d}{body}"
    return chance.choice((plain, " ".join(plain[i : i + 4] for i in range(0, 27, 4)), plain.lower()))


def _luhn(body: str) -> str:
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def _card(chance: random.Random) -> str:
    number = _luhn(chance.choice(("4970", "5132", "4532")) + _digits(chance, 11))
    return chance.choice((number, _grouped(number, (4, 4, 4, 4), " "), _grouped(number, (4, 4, 4, 4), "-")))


def _nir(chance: random.Random) -> str:
    body = f"{chance.choice('12')}{chance.randint(40, 99)}{chance.randint(1, 12):02d}"
    body += f"{chance.randint(10, 95):02d}"
    body += f"{chance.randint(1, 990):03d}{chance.randint(1, 999):03d}"
    whole = f"{body}{97 - int(body) % 97:02d}"
    return chance.choice((whole, _grouped(whole, (1, 2, 2, 2, 3, 3, 2), " "), f"{whole[:13]} {whole[13:]}"))


def _siret(chance: random.Random) -> str:
    while True:
        siren = _luhn(_digits(chance, 8))
        siret = _luhn(siren + _digits(chance, 4))
        if siren[0] != "0":
            return chance.choice((siret, _grouped(siret, (3, 3, 3, 5), " ")))


def _plate(chance: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRTVXYZ"
    parts = (
        "".join(chance.choices(letters, k=2)),
        f"{chance.randint(1, 999):03d}",
        "".join(chance.choices(letters, k=2)),
    )
    return chance.choice(("-", " ", "")).join(parts)


def _id_number(chance: random.Random) -> str:
    return chance.choice(
        (f"{_digits(chance, 2)}CK{_digits(chance, 5)}", _digits(chance, 12), f"X4RT{_digits(chance, 1)}PFW4")
    )


def _order(chance: random.Random) -> str:
    return chance.choice(
        (
            _digits(chance, 8),
            f"CMD-2026-{_digits(chance, 5)}",
            f"FR{_digits(chance, 9)}",
            f"WEB{_digits(chance, 6)}",
            f"6A{_digits(chance, 11)}",
        )
    )


def _ip(chance: random.Random) -> str:
    if chance.random() < 0.8:
        return ".".join(str(chance.randint(1, 254)) for _ in range(4))
    return "2001:db8:" + ":".join(f"{chance.randint(1, 65535):x}" for _ in range(6))


_VALUES: Mapping[str, Callable[[random.Random], str]] = {
    "name": _name,
    "email": _email,
    "phone": _phone,
    "address": _address,
    "iban": _iban,
    "card": _card,
    "nir": _nir,
    "siret": _siret,
    "plate": _plate,
    "id_number": _id_number,
    "order": _order,
    "ip": _ip,
}
