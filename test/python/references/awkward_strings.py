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

# For tokenizers.py: the 100 above and several hundred more, the same for every family of tokenizers.
SPACES = [*"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u180e", *map(chr, range(0x2000, 0x2010)), *map(chr, range(0x2028, 0x2030)),
          *"\u205f\u2060\u2061\u2064\u2066\u2069\u206a\u206f\u3000\u3164\u2581\u2800\ufeff\ufff9\ufffb\ufffc\ufffd\ufffe\uffff"]
CONTROLS = [*"\x00\x01\x08\x1b\x7f\x80\x9f\xad\u034f\u061c\u06dd\u070f\u08e2\u115f\u17b4\ue000\uf8ff\U000110bd\U000e0001\U000e0061\U000f0000\U0010ffff"]
SPECIAL_TOKENS = ["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", "<s>", "</s>", "<pad>", "<unk>", "<mask>", "<|endoftext|>",
                  "<|padding|>", "|||IP_ADDRESS|||", "[unused7]"]
EMOJI = """😀 👍🏽 👩🏿‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🏴‍☠️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇺🇳 🇦 🇩🇪🇫🇷🇯🇵 1️⃣ *️⃣ ☕ ☕️ ☕︎ 🧑‍🤝‍🧑 👩🏻‍❤️‍💋‍👩🏾 🤷🏽‍♀️ 🫠 🫶🏼 🪿 🫩 🧌 ✌🏿 ❤️‍🔥 🐻‍❄️ 🐦‍⬛ ™️ ©️ ㊗️ 🈁 🆗 ⛹🏽‍♂️ 🙂‍↔️
⌛ ♠♥♦♣ ★☆ ☃ ☠ ♿ ⚧ 🀄 🃏""".split()
SENTENCES = """The quick brown fox jumps over the lazy dog.
Portez ce vieux whisky au juge blond qui fume, n'est-ce pas ?
Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. STRAẞE, Straße, STRASSE.
El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío. ¿Qué? ¡Sí!
À noite, vovô Kowalsky vê o ímã cair no pé do pinguim queixoso.
Ma la volpe, col suo balzo, ha raggiunto il quieto Fido. Perché? L'amore.
Flygande bäckasiner söka hwila på mjuka tuvor. Høj bly gom vandt fræk sexquiz på wc.
Kæmi ný öxi hér, ykist þjófum nú bæði víl og ádrepa.
Pchnąć w tę łódź jeża lub ośm skrzyń fig. Zażółć gęślą jaźń.
Příliš žluťoučký kůň úpěl ďábelské ódy. Kŕdeľ ďatľov učí koňa žrať kôru.
Árvíztűrő tükörfúrógép. Muzicologă în bej vând whisky și tequila, preț fix.
Pijamalı hasta yağız şoföre çabucak güvendi. İĞDIR'da ılık ışık. DİYARBAKIR
Tiếng Việt có rất nhiều dấu: ế ệ ữ ặ ậ. Đường phố Hà Nội.
Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. ΟΔΥΣΣΕΥΣ ΣΊΣΥΦΟΣ σίσυφος ΑΣ Σ ΑΣ. ς
Съешь же ещё этих мягких французских булок, да выпей чаю. Ёж й Й
Жебракують філософи при ґанку церкви в Гадячі, ще й шатро їхнє п'яне.
Љубазни фењерџија чађавог лица хоће да ми покаже штос.
Այբ Բեն Գիմ եւ և ﬓ ԵՒ մարդիկ ծնվում են ազատ։
ყველა ადამიანი იბადება თავისუფალი. ᲥᲐᲠᲗᲣᲚᲘ Ⴀⴀ
دع عنك لومي فإن اللوم إغراء، وداوني بالتي كانت هي الداءُ. ﷺ ﷽ لا ﻻ
همهٔ افراد بشر آزاد به دنیا می‌آیند؛ کتاب‌ها ۱۲۳۴
تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔
דג סקרן שט בים מאוכזב ולפתע מצא חברה. בְּרֵאשִׁית בָּרָא אֱלֹהִים יִשְׂרָאֵל
सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता प्राप्त है। क्षत्रिय श्री
সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা নিয়ে জন্মগ্রহণ করে। ১২৩
ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਆਜ਼ਾਦ ਹੈ। ગુજરાતી ભાષા ଓଡ଼ିଆ ଭାଷା
மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர். தமிழ் கொ
ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును జన్మతః స్వతంత్రులు. ಕನ್ನಡ മലയാളം ക്ഷ
සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත. ශ්‍රී
มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน น้ำ กำ ๑๒๓
ມະນຸດທຸກຄົນເກີດມາມີກຽດສັກສີ ນຳ້ ຳ
མི་རེ་རེར་དབང་ཆ་འདྲ་མཉམ། བོད་ཡིག ཀྵ
လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့် မြန်မာ ၁၂၃
មនុស្សទាំងអស់ កើតមកមានសេរីភាព ភាសាខ្មែរ ១២៣
የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርም እኩልነት ያለው ነው። ፩፪፫
ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ꮳꮃꭹ ᐃᓄᒃᑎᑐᑦ ᓄᓇᕗᑦ
いろはにほへと ちりぬるを わかよたれそ つねならむ。がぎぐげご か\u3099き\u3099
イロハニホヘト　チリヌルヲ　ｲﾛﾊﾆﾎﾍﾄ ﾊﾟﾋﾟﾌﾟ ヴァイオリン ー ｰ 々〆〇
吾輩は猫である。名前はまだ無い。「こんにちは」、『世界』！？…
天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。简体字与繁體字
모든 인간은 태어날 때부터 자유로우며 평등하다. ㅋㅋㅋ ㅠㅠ 각 가\u11a8
𠀀𠮷野家𠮟る 𡈽 𪛖 𫝀 𫠝 𬺰 𰀀 𱍐 丽 㐂 鿿 﨎
⼀⼁⺀⻳ ㍻ ㌔ ㎏ ㊤ ① ⑳ ⓐ Ⅷ ⅳ ㈱ ℡ № ℃ Å Ω K
ｆｕｌｌｗｉｄｔｈ　ＡＢＣ　１２３　！＂＃～￥ ￢ ￩ ｡｢｣､･
𝐁𝐨𝐥𝐝 𝑖𝑡𝑎𝑙𝑖𝑐 𝓢𝓬𝓻𝓲𝓹𝓽 𝔉𝔯𝔞𝔨𝔱𝔲𝔯 𝕊𝟘𝟙 🄰🅱🆎 🅰️
ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ Ĳ ĳ Œ œ Æ æ Ǆ ǅ ǆ Ǉ ŉ ſ ẛ ẞ
İ I ı i İİ ıı Iı i̇ I\u0307 ǰ ΐ ŉ ᾳ ᾼ ᾈ Ω ẖ
𐐀𐐨 𐒰𐓘 𞤀𞤢 Ꞌꞌ Ɐɐ Ꭰꭰ Ⴁⴁ Ⓐⓐ Ⅰⅰ Ԁԁ Ⱥⱥ
e\u0301 e\u0301\u0301 \u0301e  \u0301 q\u0307\u0323 q\u0323\u0307 ཱི \u0344 \u0958 \u2126 \ufb1d \u1e9b\u0323 \U0001d15e \u0f73
Z̴͚̆a̶͇̐l̵̰̕g̷̙̃o̸͓͝ T͟e͟x͟t u̲n̲d̲e̲r̲ a⃝ 1̶ n̈ ṽ m̃
$1,234.56 -€0.99 £12k 50¢ ₿0.5 ₺ ₽ ₩1000 1e-9 0x1F 3.14159 1/2 ½ ⅓ 10² x₁ 1٬000 ١٢٣ १२३ １２３
2024-02-29T23:59:60Z 12:30pm 5'11" +1 (555) 010-9999 192.168.0.1 ::1 00000 007 1234567890123456789012345678901234567890
https://user:pass@sub.example.co.uk:8080/p/a/t/h/?query=string&x=%C3%A9#frag http://例え.テスト/日本 www.x.y ftp://f mailto:a.b+c@d.e
@user_name #HashTag123 #日本 r/sub u/me :smile: :-) ;) <3 ¯\\_(ツ)_/¯ (╯°□°）╯︵ ┻━┻ ʕ•ᴥ•ʔ ^_^ -_- o_O
if (x <= 10 && y != 0) { return arr[i]->next; } /* comment */ // end
def f(self, *args, **kwargs) -> dict[str, int]: return {k: v for k, v in kwargs.items()}  # 4 spaces
SELECT * FROM `users` WHERE name LIKE '%O''Brien%' AND id IN (1,2,3);
<div class="a b" id='c'>&nbsp;&lt;b&gt; &#x1F600;</div> <!-- --> <br/> </s> <s> <unk
const s = `a${b}c\\n`; let r = /^[a-z]+$/gi; x => x ** 2 ?? y?.z
#!/bin/sh -e; for f in *.txt; do echo "$f" | sed 's/a/b/g' > /dev/null 2>&1; done
$\\frac{a}{b} \\leq \\sum_{i=1}^{n} x_i^2$ ∀x∈ℝ: ⌈x⌉ = −⌊−x⌋ ∮E⋅da=Q α∧¬β ⇒ ℵ₀ ∴ ∞
I'm you're he's we've they'll I'd don't can't I’m you’re IT'S WE'RE 'tis 's 't 're 've 'm 'll 'd 'S ''s it's's
“double” ‘single’ „low‟ ‚low‛ «guillemets» ‹single› 「corner」 『white』 【lens】 《double》 〈angle〉 〝〞 ＂
a-b a‐b a‑b a‒b a–b a—b a―b a−b a－b a﹣b a~b a～b a〜b a_b a＿b a‿b
... … .. . . . ‥ 。 ․ · • ‣ ⁃ ∙ ⋅ ・ ･ !! ‼ ?? ⁇ ?! ⁈ !? ⁉ ¡¿
a/b a⁄b a∕b a\\b a|b a¦b a^b a`b a´b a¨b a¸b a˜b a˚b aˇb a˘b a° aª aº 1º 2ª
© ® ™ ℠ § ¶ † ‡ ‰ ‱ ′ ″ ‴ ※ ⁂ ⁎ ℅ ℮ ℗ ☐ ☑ ✓ ✗ → ← ↑ ↓ ⇔ ■ □ ▲ ● ○ ◆ █ ░ ─ │ ┌
Pneumonoultramicroscopicsilicovolcanoconiosis Donaudampfschifffahrtsgesellschaftskapitän Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch
CamelCaseWord snake_case_word kebab-case-word SCREAMING_SNAKE dot.separated.name iPhone15Pro mRNA pH COVID-19 3D 4K ß2 H2O C₂H₅OH
## heading ### **bold** _it_ ~~s~~ `code` [link](http://a.b) ![img] - [ ] todo 1. item > quote ##ing ## #
[CLS] [SEP][SEP] [ SEP ] [SEP [cls] [Mask] <S> < s > <s >  <MASK> </S> <pad><pad> <mask>mask <mask> mask </s></s> [PAD]x
\u200f\u202bעברית\u202c English \u2067عربي\u2069 \u202eesrever\u202c \u200eltr
nothing  but   runs    of     spaces      here       \u00a0\u00a0\u00a0 and\u3000\u3000 \u2003 these
\U0001f1e6 \U0001f3fb\u200d \u200d\u200d\ufe0f \u20e3 \u0300 \u3099 \u0e33 \u0eb3 \u1160 \u11a8 \u094d \u200c\u094d\u200d""".split("\n")
BLOCKS = """0080 0100 0180 0250 02b0 0300 0370 0400 0500 0530 0590 0600 0700 0780 07c0 0800 0840 08a0 0900 0980 0a00 0a80 0b00 0b80 0c00
0c80 0d00 0d80 0e00 0e80 0f00 1000 10a0 1100 1200 13a0 1400 1680 16a0 1700 1780 1800 1900 1980 1a00 1ab0 1b00 1c00 1c80 1cd0 1d00
1dc0 1e00 1f00 2070 20a0 20d0 2100 2150 2190 2300 2440 2460 2600 2700 2a00 2c00 2c80 2d00 2e00 2e80 2f00 3000 3040 30a0 3100 3130
3200 3300 3400 4db0 9fe0 a000 a490 a640 a700 a800 a900 aa00 ab30 ac00 f900 fb00 fb50 fdf0 fe20 fe70 ff00 fff0 10000 10300 10400
10800 10a00 11000 11680 12000 13000 16800 1b000 1bc00 1d100 1d400 1d7ce 1e800 1e900 1ee00 1f100 1f200 1f300 1f900 1fa70 20000 2a700
2b740 2b820 2ceb0 2ebf0 2f800 30000 31350 e0100 f0000""".split()


def many_strings() -> list[str]:
    """All of them, each once. Seeded where drawn."""
    import random
    import unicodedata

    strings = list(STRINGS)
    strings += [f"a{c}b {c} c{c}" for c in SPACES]
    strings += [f"{c}x{c}{c}y {c}" for c in CONTROLS]
    for token in SPECIAL_TOKENS:
        strings += [token, f"a {token} b", f"a{token}b", f"  {token}  {token}{token}\n", f"{token.lower()} {token.upper()} {token[:-1]}"]
        strings += [f"\u00a0{token}\u0085\ufeff{token}\t."]
    strings += [*EMOJI, "".join(EMOJI[:12]), " ".join(EMOJI[12:]), *(f"so{emoji}good {emoji}{emoji}!" for emoji in EMOJI[::3])]
    strings += SENTENCES
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        strings += [unicodedata.normalize(form, sentence) for sentence in SENTENCES[1:50:2]]
    strings += [sentence.upper() for sentence in SENTENCES[1:28:2]] + [sentence.title() for sentence in SENTENCES[2:28:4]]
    for start in (int(block, 16) for block in BLOCKS):
        strings.append("".join(map(chr, range(start, start + 24))) + " " + " ".join(map(chr, range(start + 24, start + 64, 3))))
    strings += [f"def f():{newline}{' ' * count}return{' ' * (count + 1)}x{newline}" for count, newline in enumerate(["\n", "\r\n", "\t", "\n\n\n"] * 3, 1)]
    strings += [" " * count for count in (2, 23, 24, 25, 31, 60)] + ["\t" * 9, "\n" * 9, " \n" * 9, "a" + " " * 40 + "b"]
    strings += ["z" * 99, "z" * 100, "é" * 100, "é" * 51, "e\u0301" * 101, "漢" * 300, "😀" * 60, "ab" * 400, "1" * 250, "!" * 250]
    strings += ["word " * 600, "unbroken" * 200, "a\u0300" + "\u0301" * 120, "\u200d" * 70, "👩‍👩‍👧‍👦" * 30, " ".join(SENTENCES)]
    draw = random.Random(4)
    pieces = sorted({word for sentence in SENTENCES for word in sentence.split(" ")} | {*SPACES, *CONTROLS, *SPECIAL_TOKENS, *EMOJI})
    strings += ["".join(draw.choice(["", " ", " ", "  "]) + draw.choice(pieces) for _ in range(draw.randint(2, 14))) for _ in range(90)]
    return list(dict.fromkeys(strings))
