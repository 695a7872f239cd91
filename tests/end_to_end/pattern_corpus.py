"""Patterns and texts for test_patterns.py. Nothing here says what matches: pydantic does, when the test runs."""

# What people write in rules, one or more of everything that both engines know, and what neither takes.
PATTERNS = r"""
^[a-z0-9-]+$
^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$
^[^@\s]+@[^@\s]+\.[^@\s]+$
^\+?[1-9]\d{1,14}$
^\d{4}-\d{2}-\d{2}$
^(?:[01]\d|2[0-3]):[0-5]\d$
^#(?:[0-9a-fA-F]{3}){1,2}$
^[\w-]{3,20}$
^[\w.+-]+$
^\w+$
\w
^\W+$
\W
^\d+$
\d
^\D+$
^\s*$
\s
^\S+$
^[\d]+$
^[\D]+$
^[\s]+$
^[\S]+$
^[\s\S]*$
^[^\d\s]+$
^[^\w]+$
^[^\s,]+(?:,[^\s,]+)*$
^$
^
$
a|b
^a|b$
^(a|b|)c$
(^|,)x(,|$)
^(a*)*$
^(a|a?)+$
^a+?b*?c??$
^a{2}$
^a{2,}$
^a{1,3}$
^(ab){1,2}$
^.$
^..$
.
\.
^[]a]+$
^[^]a]+$
^[-a]+$
^[a-]+$
^[--a]+$
^[a\-z]+$
^[a-cx-z]+$
^[à-ü]+$
^[一-龥]+$
^[😀-😎]$
^[.*+?(){}|^$]+$
^[\[\]]+$
^[\\/]$
^[a&b~]+$
^[[:alpha:]]+$
^[[:^alpha:]]+$
^[[:digit:][:space:]]+$
^[\w[:punct:]]+$
^\p{L}+$
^\p{Lu}\p{Ll}*$
^\pL+$
^\PL+$
^\P{L}+$
^[\p{L}\p{N}]+$
^\p{Greek}+$
^\p{Han}+$
^\p{Cyrillic}+$
^\p{Sc}$
(?i)^straße$
(?i)^[a-z]+$
(?i)k
(?i)^äöü$
(?i:A)b
^(?i)ab(?-i)c$
(?s)^.$
(?m)^b$
(?sm)^.b$
(?U)^a+$
^(?P<year>\d{4})$
^(?<year>\d{4})$
^(?P<a>x)(?P<b>y)$
^(a)(b)?$
\Aab\z
^\x41\x{42}\u0043\u{44}\U00000045$
^[\x30-\x39]+$
^\n$
^[\t\n\r\f\v]+$
^\a$
^\_\-\ \/\&\~\#\%\@\!\,\;\:\"\'\=\`$
^\.\*\+\?\(\)\[\]\{\}\|\^\$\\$
^\{id\}$
^a}$
^]$
^é$
^(?:é|e)$
(a
a)
[a
[]
[^]
[z-a]
[\w-.]
[a-\d]
*a
+
?a
a{3,2}
a{
a{x}
^{id}$
{1}
\
[\
\C
\Qa\E
\Z
\1
(a)\1
\e
\y
\é
(?=a)
(?!a)b
(?<=a)b
(?<!a)b
(?P<>a)
(?z)a
(?#comment)a
\p{Nonsense}
\pX
\x{110000}
\u12
(?P=n)
""".strip().split("\n")

# What pydantic takes, and RE2 would take in another sense or not at all.
UNSUPPORTED = r"""
[[:nonsense:]]
\bword\b
\Bord
^\b{start}a
\<word
[\W_]
[^\W_]
^[a-z&&[^x]]+$
^[a-z--x]+$
^[a-c~~c-e]+$
^[a[bc]]+$
(?x)a b
(?-u)a
(?u)a
(?R)^a$
^a**$
^a{1001}$
^(?:a{100}){100}$
^\p{Alphabetic}+$
^\p{greek}+$
^\p{Letter}+$
^\p{sc=Greek}$
""".strip().split("\n")

# What pydantic refuses though it does no harm: names of groups, which nothing asks for, and a character no text holds.
TAKEN = [r"(?<1>a)", r"(?<n>a)(?<n>b)", r"\u{D800}"]

TEXTS = """
|a|b|c|x|y|ab|aa|aaa|aaaa|abc|ABC|abab|ac|bc|xa|bx|a,x,b|x,y|ax|xx|e|z|A|Ab|AB|k|K|K|ſ|ad
Zoë|zoë_1|my-slug-2|-x|x-|a--b|a.b|a b|a_b|a&b|~|[|]|]a|-|--|^|$|.*+|(){}|\\\\|/|#fff|#FFAA00|#ff
ada@example.com|ada@example|a@b.c|+4915112345|015112345|2026-11-23|2026-1-1|٢٠٢٦|٤٢|४२|４２|½|²|Ⅷ|四|23:59|24:00
語|漢字|Привет|αβγ|Ω|ß|ẞ|STRASSE|straße|STRAẞE|ÄÖÜ|äöü|éà|é|e\u0301|E\u0301|ı|İ|ⓐ|🅰|😀|😎|👩\u200d💻|€|$|¥|…
a\u200db|a\u200cb|a\u200bb|\u00a0|\u2003|\u3000|\u0085|\u2028|\u200b|\ufeff|\u180e| |\t|\v|\f|\x07|\x1c|\x00|a\x00b|\u00ad
_|\u203f|\u2040|\uff3f|\u20dd|\u0903|\u1f130|\U0001f130|\U0001f170|\U0010ffff|a\nb|\nb|b\n|a\nb\nc|\n|\r|\r\n|a\r\nb|a}|{id}|ABCDE
word|sword|words|a word b|_- /&~#%@!,;:"'=`|.*+?()[]{}|^$\\\\
""".strip("\n").replace("\\n", "\n").split("|")
