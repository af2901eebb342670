"""Strings that tokenizers disagree about: 100 single ones, and pairs with the length they are cut to."""

STRINGS = [
    # Nothing, or nearly.
    "", " ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u3000", ".", "a", "A", "0",
    # White space and control characters.
    "two  spaces", " leading and trailing ", "tab\tseparated\tcells", "line\nbreak\r\nand another", "nul\x00inside",
    "bell\x07 and escape\x1b[0m", "delete\x7fhere", "next\x85line", "line\u2028separator\u2029paragraph",
    "no\u00a0break", "thin\u2009space", "ideographic\u3000space", "form\x0cfeed vertical\x0btab", "c1\x9fcontrol",
    # Zero-width, direction marks and other invisible ones.
    "zero\u200bwidth", "zero\u200cwidth non-joiner", "zero\u200djoiner", "\ufeffbyte order mark", "soft\u00adhyphen",
    "word\u2060joiner", "left\u200eto\u202eright", "replacement\ufffdcharacter", "private\ue000use", "variation\ufe0fselector",
    # Accents, composed and decomposed, and case.
    "café", "cafe\u0301", "naïve façade jalapeño", "Ångström", "A\u030angstro\u0308m", "STRASSE straße", "İstanbul ısı",
    "ŁÓDŹ łódź", "Ǆ ǅ ǆ", "ﬁne ﬂour ﬀ", "ΟΔΥΣΣΕΎΣ", "ﾊﾝｶｸ ｆｕｌｌｗｉｄｔｈ", "ế ệ ữ", "a\u0300\u0301\u0302\u0303",
    # Other scripts.
    "今日はいい天気ですね", "我爱北京天安门", "漢字and英語mixed", "안녕하세요 세계", "Привет, мир!", "Ёлка ёж й", "Γειά σου Κόσμε",
    "مرحبا بالعالم", "السَّلَامُ عَلَيْكُمْ", "שלום עולם", "שָׁלוֹם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "வணக்கம்", "გამარჯობა", "ሰላም",
    "\U00020000\U0002a6d6 rare han", "𐍈 gothic", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟙𝟚𝟛",
    # Emoji.
    "😀", "good 👍🏽 bad 👎", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷 flags", "❤️ and ❤", "so happy:)😂😂😂", "#️⃣ keycap 1️⃣",
    # Signs and numbers.
    "don't can't I'm we'll", "“quoted” ‘single’ «angles»", "well-known—dash – en", "...wait… what?!", "$5.00 €3,50 £1 ¥100 ₹20",
    "50% off & more <b>bold</b>", "a/b\\c|d~e^f`g", "C++ C# F# .NET", "1,234,567.89e-10", "x² + y³ = ½ ⅔ №5 ™ ®", "∑∫√∞≠≤", "ₓ₁ ⁵",
    # Of the net, and of code.
    "https://example.com/a/b?q=1&r=%20#top", "me@example.org, @you #tag", "C:\\Users\\me\\file.txt",
    'def f(x):\n    return {"a": [x, None]}',
    # Special tokens written out.
    "[CLS] not special [SEP]", "[MASK] [PAD] [UNK]", "[mask] [ MASK ]",
    # Long.
    "y" * 100,
    "##ing ##s un##break##able",
    "Pneumonoultramicroscopicsilicovolcanoconiosis", "x" * 101, "long text " * 300,
]

PAIRS = [
    ("How old are you?", "I am seven.", None),
    ("", "only the second", None),
    ("only the first", " ", None),
    ("one two three four five six seven eight nine ten", None, 6),
    ("one two three four five six seven eight nine ten", None, 2),
    ("one two three four five six", "seven eight nine ten", 8),
    ("one two", "three four five six seven eight nine ten", 9),
    ("a b c d", "e f g h", 7),
    ("unbelievably long words, antidisestablishmentarianism", None, 9),
    ("fits", None, 64),
]
