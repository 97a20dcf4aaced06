"""What things are called in the sample organization. People, companies and addresses are invented."""

from __future__ import annotations

ORGANIZATION = "Fernhill Supply Co. (sample)"

HIRES = (
    ("Imani", "Okafor"), ("Piotr", "Zielinski"), ("Saoirse", "Brannigan"), ("Kenji", "Aramaki"),
    ("Noémie", "Laurendeau"), ("Dario", "Vukovic"), ("Leilani", "Kahale"), ("Anselm", "Reuter"), ("Farida", "Rahimi"),
    ("Bo", "Lindqvist"), ("Thandi", "Mokoena"), ("Iker", "Etxarri"), ("Marisol", "Quintanar"), ("Grzegorz", "Wolnik"),
    ("Yewande", "Adeleye"), ("Sören", "Falkengaard"), ("Hana", "Dvořáčková"), ("Callum", "Strathearn"),
    ("Minh", "Trịnh"), ("Odalys", "Ferreira"),
)  # fmt: skip
"""Who fills a seat that was left, in turn."""

FIRST_NAMES = (
    "Abena", "Adela", "Aiko", "Alma", "Amadou", "Anders", "Aziza", "Beatriz", "Björn", "Branka", "Caspian", "Chidi",
    "Clémence", "Dagmar", "Deepa", "Ebru", "Efua", "Einar", "Elif", "Emeka", "Esra", "Fabián", "Fatou", "Fiona",
    "Gaël", "Giulia", "Hedda", "Hiro", "Ilse", "Inés", "Ivo", "Jiho", "Joaquín", "Kalinda", "Katya", "Kofi", "Lars",
    "Leilah", "Linh", "Luana", "Magnús", "Malik", "Maren", "Mei", "Mireia", "Nadia", "Nikhil", "Noor", "Olamide",
    "Orla", "Pilar", "Quentin", "Ravi", "Renée", "Rhys", "Samira", "Sipho", "Tariq", "Tomás", "Ulla", "Valentín",
    "Wanjiru", "Xiomara", "Yara", "Zoë",
)  # fmt: skip

LAST_NAMES = (
    "Abernathe", "Achterberg", "Adeyinka", "Bellweather", "Bjarnadóttir", "Castellanos", "Chukwuma", "Dahlgaard",
    "Desrosiers", "Ekström", "Fairweather", "Fujimori", "Gundersen", "Haverford", "Hölzl", "Ilunga", "Jankovic",
    "Kaleo", "Kowalczyk", "Lindenau", "Lóránt", "Mbatha", "Montclair", "Nakahara", "Nguyễn", "Oduya", "Okonjo",
    "Pellegrin", "Quispe", "Rautio", "Ravenscroft", "Santangelo", "Sithole", "Tanaka", "Thistlewood", "Ueda", "Vance",
    "Vasconcelos", "Wickremasinghe", "Yilmaz", "Zamora", "Żurek",
)  # fmt: skip

TITLES = (
    "Owner", "Head of Purchasing", "Operations Manager", "Buyer", "Facilities Lead", "CFO", "Office Manager",
    "Warehouse Manager",
)  # fmt: skip

COMPANY_STEMS = (
    "Alder", "Amber", "Bram", "Brindle", "Calder", "Copper", "Corv", "Drift", "Dun", "Elder", "Émeraude", "Fal",
    "Fjell", "Gorse", "Grä", "Hazel", "Heron", "Isen", "Juni", "Kestrel", "Kirk", "Lark", "Lind", "Marl", "Möwen",
    "Myr", "Nettle", "Ñandu", "Oaken", "Otter", "Pell", "Quill", "Rook", "Salt", "Sedge", "Söder", "Tarn", "Teasel",
    "Ulv", "Vale", "Wren", "Yarrow",
)  # fmt: skip
COMPANY_ENDINGS = (
    "brook", "by", "combe", "croft", "dale", "field", "gate", "holm", "hurst", "lund", "mere", "mont", "ridge", "stow",
    "thorpe", "vik", "wick", "worth",
)  # fmt: skip

INDUSTRIES = {
    "Manufacturing": ("Tooling", "Works", "Castings", "Packaging"),
    "Healthcare": ("Clinics", "Dental Group", "Care Homes"),
    "Logistics": ("Freight", "Logistics", "Cold Storage"),
    "Retail": ("Outfitters", "Hardware", "Garden Centres"),
    "Hospitality": ("Hotels", "Bakeries", "Catering"),
    "Construction": ("Builders", "Roofing", "Timber"),
    "Education": ("Academy", "Learning Trust"),
}
"""An industry, and what its companies call themselves."""

REGIONS = ("Northeast", "Southeast", "Midwest", "South Central", "West", "Canada")

LEAD_STATUSES = (
    "Potential", "Contacted", "Qualified", "Demo booked", "Customer", "Nurture", "Bad fit", "Churned",
)  # fmt: skip

PIPELINES = {
    "Sales": (
        ("Discovery", "active"),
        ("Demo", "active"),
        ("Proposal", "active"),
        ("Negotiation", "active"),
        ("Won", "won"),
        ("Lost", "lost"),
        ("Lost to competitor", "lost"),
    ),
    "Partners": (
        ("Introduced", "active"),
        ("Terms sent", "active"),
        ("Pilot", "active"),
        ("Signed", "won"),
        ("Declined", "lost"),
    ),
}
"""Pipelines with their statuses, label and type, in order."""

SMART_VIEWS = {
    "Hot leads": 'lead_status in ("Qualified", "Demo booked")',
    "Qualified": 'lead_status:"Qualified"',
    "Customers": 'lead_status:"Customer"',
    "Never called": 'lead_status:"Potential" and not call(direction:"outbound")',
    "Large open deals": 'opportunity(status_type:"active" and value >= 500000)',
    "Healthcare in the Northeast": 'custom.Industry:"Healthcare" and custom.Region:"Northeast"',
}
"""Smart views and their queries."""

SEQUENCE_TEMPLATES = ("Intro", "Following up", "Price list", "A customer like you", "Last note from me")
MANUAL_TEMPLATES = ("Demo confirmation", "Proposal attached")
BULK_TEMPLATE = "Monthly catalogue"

TEMPLATE_SUBJECTS = {
    "Intro": "Supplies for your team, delivered weekly",
    "Following up": "Did this reach the right person?",
    "Price list": "Our price list for this quarter",
    "A customer like you": "How a company your size saves a day a month",
    "Last note from me": "Shall I close your file?",
    "Demo confirmation": "Our demo: time and agenda",
    "Proposal attached": "Our proposal",
    "Monthly catalogue": "New in the catalogue",
}

SEQUENCES = {"Inbound": "Inbound welcome", "Outbound": "Outbound prospecting"}

NOTES = (
    "Asked for references in the same industry.",
    "Budget is set in the next quarter.",
    "Decides together with finance.",
    "Has a contract elsewhere until the end of the season.",
    "Wants weekly deliveries to two sites.",
    "Prefers e-mail over the phone.",
    "Send samples first.",
    "Spoke with the front desk; call back after lunch.",
)

TASKS = ("Call back", "Send price list", "Prepare proposal", "Check references", "Confirm delivery dates")
