"""The words that a generated company is made of: names, places, goods, people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Good:
    """Something that can be bought: usual price in euro, and usual quantities of one order."""

    sku: str
    description: str
    unit: str
    price: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Category:
    """A line of business: the second word of its vendors' names, its goods, its buyer's place."""

    name: str
    trade_words: tuple[str, ...]
    goods: tuple[Good, ...]
    cost_center: str
    service: bool = False
    reduced_rate: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A country: its currency with the accounting rate to the euro, legal forms and towns."""

    code: str
    country: str
    currency: str
    rate_to_eur: str
    legal_forms: tuple[str, ...]
    cities: tuple[str, ...]
    in_union: bool
    weight: int


STEMS = (
    "Nordkai", "Elbtal", "Brennhaus", "Kestrel", "Aurelia", "Vektor", "Sundgau", "Halde",
    "Marlow", "Orion", "Tegelwerk", "Polaris", "Riva", "Castellan", "Lindqvist", "Baltica",
    "Hanseport", "Quarzit", "Solbakken", "Pemberton", "Drakensund", "Ostwind", "Falkner",
    "Meridian", "Cobalt", "Steinbach", "Levante", "Novara", "Greyfield", "Ahrens", "Tollund",
    "Zephyr", "Karst", "Bluewater", "Weserland", "Fjordane", "Ironbridge", "Montclair",
    "Alpina", "Hollister", "Nordkap", "Elbtor", "Brennholt", "Vectis", "Aurora", "Kessler",
    "Marlen", "Polarstern", "Rivalto", "Lindberg", "Baltus", "Quartzline", "Stellmann",
    "Ostermann", "Falkenberg", "Merian", "Kobold", "Steinfurt", "Ahlborn", "Zentris",
    "Karlsen", "Wesermark", "Fjellheim", "Granat", "Tamaris", "Ulmen", "Viborg", "Wolfram",
    "Ysberg", "Zander", "Ardent", "Bergamo", "Cordes", "Dunmore", "Ekholm", "Fontana",
    "Gallus", "Hedin", "Isenberg", "Jorvik",
)  # fmt: skip

CATEGORIES = (
    Category("freight", ("Logistik", "Spedition", "Freight", "Cargo"), (
        Good("FR-PAL", "Pallet transport, groupage", "pallet", "84.50", 4, 60),
        Good("FR-FTL", "Full truck load Hamburg", "trip", "1240.00", 1, 9),
        Good("FR-AIR", "Air freight, express", "kg", "6.85", 40, 900),
        Good("FR-CUS", "Customs clearance", "entry", "72.00", 1, 12),
        Good("FR-STO", "Bonded storage", "day", "38.50", 5, 60),
    ), "CC-310 Logistics", service=True),
    Category("IT services", ("Systems", "Datenservice", "IT Services", "Cloudworks"), (
        Good("IT-SUP", "Application support, second level", "hour", "96.00", 10, 160),
        Good("IT-LIC", "Monitoring licence, per server", "licence", "148.00", 5, 80),
        Good("IT-NBK", "Notebook 14 inch, standard image", "piece", "1189.00", 2, 24),
        Good("IT-DSK", "Docking station", "piece", "179.00", 4, 40),
        Good("IT-BCK", "Off-site backup, per terabyte", "TB", "61.00", 5, 60),
    ), "CC-420 Information Technology", service=True),
    Category("laboratory supplies", ("Labortechnik", "Lab Supply", "Scientific", "Biolab"), (
        Good("LA-PIP", "Pipette tips 200 µl, sterile", "box", "23.40", 20, 300),
        Good("LA-GLV", "Nitrile gloves, size M", "carton", "58.90", 5, 80),
        Good("LA-SOL", "Isopropanol 99.9 %", "litre", "7.60", 50, 600),
        Good("LA-CUV", "Quartz cuvettes 10 mm", "piece", "112.00", 4, 60),
        Good("LA-FIL", "Membrane filters 0.2 µm", "pack", "41.70", 10, 120),
    ), "CC-520 Laboratory"),
    Category("metal parts", ("Metallbau", "Precision", "Feinmechanik", "Steelworks"), (
        Good("ME-FLG", "Aluminium flange DN 50", "piece", "34.20", 20, 400),
        Good("ME-SHA", "Stainless shaft 12 mm, ground", "piece", "18.75", 50, 600),
        Good("ME-HOU", "Sensor housing, milled", "piece", "67.30", 20, 250),
        Good("ME-BRK", "Mounting bracket, laser cut", "piece", "9.45", 100, 1500),
        Good("ME-SCR", "Torx screws M4, A2", "pack of 100", "6.20", 20, 400),
    ), "CC-610 Production"),
    Category("cleaning", ("Gebäudereinigung", "Facility Care", "Cleanline", "Reinraumservice"), (
        Good("CL-OFF", "Office cleaning", "visit", "138.00", 4, 26),
        Good("CL-CLR", "Clean-room cleaning", "hour", "64.00", 10, 90),
        Good("CL-WIN", "Window cleaning", "visit", "420.00", 1, 6),
        Good("CL-MAT", "Dust mat service", "mat", "11.80", 10, 60),
    ), "CC-710 Facilities", service=True),
    Category("consulting", ("Consulting", "Advisory", "Beratung", "Partners"), (
        Good("CO-SEN", "Senior consultant", "day", "1480.00", 2, 24),
        Good("CO-JUN", "Consultant", "day", "980.00", 3, 30),
        Good("CO-WKS", "Workshop, prepared and moderated", "workshop", "2650.00", 1, 5),
        Good("CO-TRV", "Travel lump sum", "day", "145.00", 2, 20),
    ), "CC-110 Management", service=True),
    Category("energy", ("Energie", "Power", "Stadtwerke", "Solar"), (
        Good("EN-KWH", "Electricity, working price", "MWh", "148.60", 20, 180),
        Good("EN-GAS", "Natural gas, working price", "MWh", "67.90", 30, 260),
        Good("EN-MET", "Metering point", "month", "41.00", 1, 12),
        Good("EN-GRE", "Guarantees of origin", "MWh", "3.10", 50, 500),
    ), "CC-710 Facilities", service=True),
    Category("packaging", ("Verpackung", "Packaging", "Kartonagen", "Packworks"), (
        Good("PA-BOX", "Shipping carton 400 x 300 x 200", "piece", "1.18", 500, 6000),
        Good("PA-FOM", "Foam insert, cut to shape", "piece", "4.35", 100, 1500),
        Good("PA-PAL", "Euro pallet, exchange", "piece", "14.90", 20, 200),
        Good("PA-TAP", "Paper tape 50 m", "roll", "2.75", 72, 720),
        Good("PA-ESD", "ESD bags 200 x 300", "pack of 100", "26.40", 10, 120),
    ), "CC-610 Production"),
    Category("optics", ("Optik", "Photonics", "Optical", "Lasertechnik"), (
        Good("OP-LEN", "Achromatic lens f = 100 mm", "piece", "89.00", 10, 150),
        Good("OP-MIR", "Dielectric mirror 1 inch", "piece", "124.00", 5, 90),
        Good("OP-FIB", "Fibre patch cable 2 m", "piece", "46.50", 10, 160),
        Good("OP-LAS", "Laser diode module 635 nm", "piece", "218.00", 5, 60),
    ), "CC-620 Development"),
    Category("electronics", ("Elektronik", "Electronics", "Microsystems", "Sensorik"), (
        Good("EL-PCB", "Printed circuit board, 4 layers", "piece", "12.60", 50, 1000),
        Good("EL-MCU", "Microcontroller 32 bit", "piece", "4.85", 200, 3000),
        Good("EL-PSU", "Power supply 24 V, DIN rail", "piece", "58.40", 10, 160),
        Good("EL-CON", "M12 connector, 5 pins", "piece", "7.95", 100, 1200),
        Good("EL-DSP", "Display 4.3 inch", "piece", "36.70", 20, 300),
    ), "CC-610 Production"),
    Category("calibration", ("Kalibrierdienst", "Metrology", "Messtechnik", "Calibration"), (
        Good("CA-PRE", "Pressure sensor calibration", "piece", "86.00", 5, 60),
        Good("CA-TEM", "Temperature calibration, 3 points", "piece", "64.50", 5, 80),
        Good("CA-ONS", "On-site service, technician", "hour", "112.00", 4, 40),
        Good("CA-CRT", "Accredited certificate", "piece", "38.00", 5, 80),
    ), "CC-530 Quality", service=True),
    Category("catering", ("Catering", "Kantinen", "Kaffeeservice", "Foodservice"), (
        Good("CT-LUN", "Lunch, canteen menu", "meal", "8.90", 50, 900),
        Good("CT-COF", "Coffee beans, organic", "kg", "18.40", 10, 120),
        Good("CT-FRU", "Fruit basket", "basket", "34.00", 4, 40),
    ), "CC-710 Facilities", reduced_rate=True),
    Category("safety equipment", ("Arbeitsschutz", "Safety", "Brandschutz", "Protection"), (
        Good("SA-SHO", "Safety shoes S3", "pair", "79.90", 5, 60),
        Good("SA-EXT", "Fire extinguisher, serviced", "piece", "44.50", 5, 70),
        Good("SA-GLS", "Laser safety goggles", "piece", "139.00", 2, 30),
        Good("SA-FST", "First-aid kit DIN 13169", "piece", "68.20", 2, 24),
    ), "CC-540 Safety"),
    Category("print and publishing", ("Verlag", "Druckhaus", "Press", "Media"), (
        Good("PR-MAN", "Operating manual, printed", "piece", "6.40", 100, 1500),
        Good("PR-JRN", "Trade journal, yearly subscription", "copy", "186.00", 2, 20),
        Good("PR-STD", "Standards collection, update", "set", "312.00", 1, 8),
    ), "CC-210 Marketing", reduced_rate=True),
)  # fmt: skip

PLACES = (
    Place("DE", "Germany", "EUR", "1", ("GmbH", "AG", "KG", "GmbH & Co. KG", "e.K."),
          ("Hamburg", "Bremen", "Kiel", "Leipzig", "Stuttgart", "Kassel", "Erfurt"), True, 24),
    Place("NL", "Netherlands", "EUR", "1", ("B.V.", "N.V."),
          ("Rotterdam", "Utrecht", "Eindhoven"), True, 4),
    Place("FR", "France", "EUR", "1", ("SAS", "SARL"), ("Lyon", "Strasbourg", "Lille"), True, 3),
    Place("IT", "Italy", "EUR", "1", ("S.r.l.", "S.p.A."),
          ("Bergamo", "Turin", "Trieste"), True, 3),
    Place("AT", "Austria", "EUR", "1", ("GesmbH",), ("Linz", "Graz", "Wels"), True, 2),
    Place("SE", "Sweden", "SEK", "0.089", ("AB",), ("Gothenburg", "Malmö"), True, 2),
    Place("CH", "Switzerland", "CHF", "1.06", ("AG", "GmbH"), ("Basel", "Winterthur"), False, 3),
    Place("GB", "United Kingdom", "GBP", "1.17", ("Ltd", "LLP"),
          ("Sheffield", "Bristol", "Leeds"), False, 4),
    Place("US", "United States", "USD", "0.92", ("Inc.", "LLC"),
          ("Boston", "Rochester", "San Diego"), False, 4),
)  # fmt: skip

CONTACTS = (
    "Anke Petersen", "Tomasz Nowak", "Claire Dubois", "Giulia Ferrari", "Henrik Larsson",
    "Martha Quinn", "Dieter Voss", "Sanne de Wit", "Luca Moretti", "Ines Baumann",
    "Oliver Hartley", "Priya Raman", "Jens Thomsen", "Amelie Roth", "Patrick O'Neill",
    "Ruth Zimmer", "Karin Holm", "Samuel Brandt", "Nadia Keller", "Frank Osterloh",
    "Birgit Maas", "Elena Conti", "Gareth Pugh", "Yvonne Schild",
)  # fmt: skip

COST_CENTRE_OWNERS = {
    "CC-110 Management": "Friederike Sommer",
    "CC-210 Marketing": "Jonas Weidner",
    "CC-310 Logistics": "Murat Aydin",
    "CC-420 Information Technology": "Lena Kruse",
    "CC-520 Laboratory": "Hanna Reuter",
    "CC-530 Quality": "Stefan Bartels",
    "CC-540 Safety": "Paula Lindner",
    "CC-610 Production": "Gregor Hoffmann",
    "CC-620 Development": "Mira Castellanos",
    "CC-710 Facilities": "Uwe Tietjen",
}

DEPARTMENT_HEADS = {
    "CC-110 Management": "Katharina Behrens",
    "CC-210 Marketing": "Katharina Behrens",
    "CC-310 Logistics": "Bernd Ackermann",
    "CC-420 Information Technology": "Rainer Sievers",
    "CC-520 Laboratory": "Doris Engelhardt",
    "CC-530 Quality": "Doris Engelhardt",
    "CC-540 Safety": "Bernd Ackermann",
    "CC-610 Production": "Viktor Saalfeld",
    "CC-620 Development": "Viktor Saalfeld",
    "CC-710 Facilities": "Bernd Ackermann",
}

OFFICERS = {
    "head_of_procurement": "Marlene Dorn",
    "head_of_finance": "Philipp Anders",
    "chief_financial_officer": "Ingrid Halvorsen",
    "managing_director": "Magnus Halvorsen",
}

ROLE_TITLES = {
    "cost_centre_owner": "Cost-centre owner",
    "department_head": "Department head",
    "head_of_procurement": "Head of Procurement",
    "head_of_finance": "Head of Finance",
    "chief_financial_officer": "Chief Financial Officer",
    "managing_director": "Managing Director",
}

REQUESTERS = (
    "Tim Albers", "Svenja Koch", "Rafael Ortega", "Merle Hansen", "Dennis Vogt",
    "Julia Franke", "Arne Feddersen", "Clara Mertens",
)  # fmt: skip
CLERKS = ("Nils Wieczorek", "Sabine Rathke", "Ole Dressler", "Fatima Haddad")
RECEIVERS = ("Holger Timm", "Beate Schuster", "Marek Zielinski", "Ronja Eilers")
BUYERS = ("Corinna Jahn", "Lars Petzold", "Esther Novak")
DOCKS = ("Dock 1, Hamburg", "Dock 2, Hamburg", "Goods-in, building C", "Laboratory reception")
