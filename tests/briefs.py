"""A brief in each language, for what fills the page of posts in."""

BRIEFS = {
    "fr": {
        "objective": "Annoncer le diagnostic de batterie offert",
        "facts": "Le diagnostic de batterie est offert jusqu’au 30 novembre 2026, au lieu de 29 €\n"
        "Il dure 20 minutes, sur rendez-vous",
        "call": "Prenez rendez-vous dans votre boutique",
        "campaign": "Batterie d’hiver",
        "link": "https://cyclamene.example/diagnostic",
    },
    "en": {
        "objective": "Announce what the warranty covers",
        "facts": "Every refurbished bike comes with a 24-month warranty",
        "call": "Read the conditions",
        "campaign": "Winter warranty",
    },
}
