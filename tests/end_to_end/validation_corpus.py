"""Texts for the formats that pydantic knows, several hundred each: what people write, what attackers try, and each odd
character at each odd place. Nothing here says what is right: pydantic does, when the test runs."""

# Characters that show nothing, look like others, or mean something to a parser.
ODD = ["\u0000", "\u0001", "\t", "\n", "\r", "\u001f", " ", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u0300", "\u034f", "\u061c", "\u1680",
       "\u180e", "\u2003", "\u200b", "\u200c", "\u200d", "\u200e", "\u202a", "\u202e", "\u2028", "\u2029", "\u2060", "\u2066",
       "\u3000", "\ufeff", "\uff20", "\uff0e", "\u3002", "\uff61", "\u2024", "\u2026", "\u00df", "\u0131", "\u212a", "\u2126", "\u037e",
       "\uff41", "\u2168", "\u00e9", "e\u0301", "\u0627", "\u05d0", "\u4e2d", "\U0001f600", "\U0001d44e", "\ue000", "\ufffd"]
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

EMAILS = """
ada@example.com|ADA@EXAMPLE.COM|Ada.Lovelace@Example.com|a.b+c@mail.example.co.uk|o'hara@example.com|x@y.z|1@2.example|zoë@exämple.com
a_b-c@ex-ample.com|a@xn--exmple-cua.com|a@XN--EXMPLE-CUA.com|info@EXAMPLE.com|INFO@example.com|PostMaster@example.com|Infos@example.com
!#$%&'*+-/=?^_`{|}~@example.com|a@b.c|a@b.cd|a@sub.sub.sub.example.org|a@faß.de|a@ＥＸＡＭＰＬＥ.com|用户@例子.中国|a@пример.рф
a@مثال.إختبار|δοκιμή@παράδειγμα.gr|a@bücher.example|Ada <ada@example.com>|Ada Lovelace <ada@example.com>|"Ada, L." <ada@example.com>
<ada@example.com>|Ada<ada@example.com>|Ada L. <ada@example.com> |Ada (L) <ada@example.com>|Ada, L <ada@example.com>|Zoë <zoe@example.com>
"" <ada@example.com>|"a" "b" <ada@example.com>|Ada <ada@example.com> x|Ada <<ada@example.com>>|Ada <ada@example.com|ada@example.com>
Ada < ada@example.com >|<>|< >|Ada <>|"<" <ada@example.com>|a <b> <ada@example.com>|ada@example.com,bob@example.com|ada@example.com bob
 ada@example.com|ada@example.com |  ada@example.com  |ada|@|@@|@example.com|ada@|ada@localhost|ada@example|ada@example.|ada@.example.com
ada@example..com|.ada@example.com|ada.@example.com|a..b@example.com|a@-example.com|a@example-.com|a@ex--ample.com|a@e--xample.com
a@ab--c.com|a@xn--.com|a@xn--0.com|a@xn--a.com|a@xn--a-.com|a@xn--ls8h.la|a@xn--fa-hia.de|a@xn--zca.de|a@example.-com|a@example.com-|a@1.2.3.4
a@127.0.0.1|a@[127.0.0.1]|a@[IPv6:::1]|a@[::1]|a@[x]|a@[|a@]|a@1.c1|a@1.c|a@example.123|a@example.c0m|a@example.0com|a@example.com1
a@example.test|a@test|a@x.local|a@x.localhost|a@x.onion|a@x.invalid|a@x.arpa|a@in-addr.arpa|a@example.example|a@x.LOCAL|a@xtest.com
a@nottest|a@my.test.com|a@x.internal|a@x.home|a b@example.com|a@exa mple.com|"a b"@example.com|"a"@example.com|"a@b"@example.com
"a\\"b"@example.com|a"b@example.com|a"b"c@example.com|"@example.com|""@example.com|a@b@example.com|a@@example.com|a\\@b@example.com
a(comment)@example.com|a@example.com(comment)|(c)a@example.com|mailto:ada@example.com|a;b@example.com|a,b@example.com|a:b@example.com
a@exam_ple.com|a@_dmarc.example.com|a@exam!ple.com|a@exam+ple.com|a@example.com/x|a@example.com:25|a@example.com?x|a@example.com#x
a@http://example.com|a@*.example.com|a%b@example.com|a%40b@example.com|😀@example.com|a@😀.com|a@☃.com|a@i❤.ws|＠example.com|a＠example.com
a@ex。ample.com|a@example。com|a@exámple.com|á@example.com|á@example.com|a@ﬁre.com|ﬁre@example.com|a@①.com|①@example.com|a@Ⅷ.com
a@ⓔxample.com|a@example.ｃｏｍ|a@℃.com|a@℀.com|a@½.com|a@İ.com|a@ı.com|a@ſ.com|ſ@example.com|a@ẞ.de|K@example.com|Ω@example.com|a@ς.gr
a@σς.gr|a@א.com|a@אa.com|a@aא.com|a@א1.com|a@1א.com|a@ا.com|a@-א.com|a@नेपाल.com|a@क्‍ष.com|a@l·l.com|a@·l.com|a@カ・カ.com|a@한국.kr
null|None|0|true|{}|[]|a@example.com\\n|javascript:alert(1)@example.com|'or'1'='1'@example.com|<script>@example.com|a@<script>.com
""".replace("\\n", "\n").strip("\n").split("\n")
# The separator is also a character of addresses: that address is written apart.
EMAILS = [text for line in EMAILS for text in line.split("|")] + ["!#$%&'*+-/=?^_`{|}~@example.com", "a|b@example.com", "a\\b@example.com"]
EMAILS += ["", "\ta@example.com\t", "a@example.com\r\nBcc: x@example.com", "Ada\n<a@example.com>", "a" * 64 + "@example.com",
           "a" * 65 + "@example.com", "a" * 242 + "@example.com", "a" * 243 + "@example.com", "ä" * 121 + "@example.com", "ä" * 122 + "@example.com",
           "a@" + "b" * 63 + ".com", "a@" + "b" * 64 + ".com", "a@" + "ä" * 50 + ".com", "a@" + "ä" * 60 + ".com",
           "a@" + "b." * 122 + "com", "a@" + "b." * 124 + "com", "a@" + "b." * 125 + "com", " " * 2033 + "a@example.com", " " * 2040 + "a@example.com",
           "x" * 3000, '"' + "n" * 1000 + '" <a@example.com>']
EMAILS += [f"{odd}a@example.com" for odd in ODD] + [f"a{odd}b@example.com" for odd in ODD] + [f"a{odd}@example.com" for odd in ODD]
EMAILS += [f"a@{odd}example.com" for odd in ODD] + [f"a@exa{odd}mple.com" for odd in ODD] + [f"a@example.com{odd}" for odd in ODD]
EMAILS += [f"Ada{odd}L <a@example.com>" for odd in ODD] + [f"a{mark}b@example.com" for mark in PUNCTUATION] + [f"a@b{mark}c.com" for mark in PUNCTUATION]

URLS = """
https://example.com|https://example.com/|HTTPS://example.com|HtTp://Example.COM/Path|https://my_site.example.com|https://exämple.com
https://EXÄMPLE.com|https://faß.de|https://xn--exmple-cua.com|https://xn--0.com|https://xn--a.com|https://xn--.com|https://例子.中国/路径
https://пример.рф|https://مثال.إختبار|https://ex。ample.com|https://ＥＸample.com|https://x:99999|https://x:65535|https://x:65536|https://x:0
https://x:|https://x:/|https://x:443|https://x:443/a|http://x:443|http://x:80|https://x:80|http://x:00080|http://x:8080/a:b|http://x:-1
http://x:+1|http://x:1a|http://x: 80|http://x:80 |http://x:80:80|http://x:١|https://1.2.3.4|https://1.2.3.4.|https://1.2.3.4.5
https://1.2.3|https://1.2|https://1|https://0|https://256.1.1.1|https://1.256.1.1|https://1.1.1.256|https://1.1.256|https://1.1.65536
https://4294967295|https://4294967296|https://999999999999|https://0x7f.1|https://0x7F000001|https://0x|https://0x1g|https://017700000001
https://08.1.1.1|https://09|https://1.2.3.08|https://1..2|https://a.1|https://a.0x1|https://a.b.256|https://1.a|https://1e3|https://1.2.3.a
https://127.1/x|https://localhost|https://localhost:8000/a?b=c#d|https://a|https://a.|https://a..|https://a..b|https://.a|https://-a.com
https://a-.com|https://ab--c.com|https://a_b.c_d|https://_a|https://a~b.com|https://[::1]|https://[::1]:443/|https://[::1|https://::1
https://[::1]x|https://[::1]:|https://[::1]:x|https://[zz]|https://[]|https://[1::2::3]|https://[1:2:3:4:5:6:7:8]|https://[1:2:3:4:5:6:7]
https://[1:2:3:4:5:6:7:8:9]|https://[::ffff:1.2.3.4]|https://[::1.2.3.256]|https://[fe80::1%25eth0]|https://[fe80::1%eth0]|https://[v1.x]
https://[2001:DB8::1]/a|https://[0:0:0:0:0:0:0:1]|https://[::12345]|https://[:1]|https://x]|https://x[|https://user@example.com
https://user:pw@example.com/|https://user:@example.com|https://:pw@example.com|https://@example.com|https://:@example.com|https://a@b@example.com
https://us er:p w@example.com|https://user:p%40w@example.com|https://user@|https://user@:80|https://ü:ß@example.com|https://a:b:c@example.com
http:example.com|http:/example.com|http:///example.com|http:////example.com|http:\\\\example.com|http:/\\example.com|http://example.com\\a\\b
http://example.com\\@evil.com|http://evil.com\\example.com|http://example.com/\\a?b\\c#d\\e|https:|https:/|https://|https:///|https://?|https://#
https://?x|https://#x|https:///x|https://\\|https:///?x|http//example.com|http ://example.com|http: //example.com|:http://example.com|://example.com
//example.com|/path|example.com|example.com:80|www.example.com|localhost:8000|ftp://example.com|ws://example.com|wss://x|file:///etc/passwd|file://x
javascript:alert(1)|JavaScript://%0aalert(1)|data:text/html,x|mailto:a@example.com|about:blank|blob:https://x|urn:isbn:1|s3://b/k|httpss://x|http1://x
h-t+t.p://x|1http://x|ht tp://x|http:|http|https|x|x:y|?x|#x|.|..|null|None|{}|[]|https://example.com?|https://example.com#|https://example.com?#
https://example.com?x|https://example.com#x|https://example.com/?a=b&c=d#e|https://example.com/a b|https://example.com/a?b c|https://example.com/#a b
https://example.com/ä?ö=ü#ß|https://example.com/%C3%A4|https://example.com/%c3%a4|https://example.com/%|https://example.com/%z|https://example.com/%2
https://example.com/a"b|https://example.com/a<b>|https://example.com/a^b|https://example.com/a`b|https://example.com/a{b}|https://example.com/a[b]
https://example.com/?"<>`{}^|https://example.com/?a'b|https://example.com/#"<>`{}^'|https://example.com/a;b=c,d|https://example.com/!$&'()*+
https://example.com/./a|https://example.com/a/./b|https://example.com/a/../b|https://example.com/../../b|https://example.com/a/..|https://example.com/a/.
https://example.com/a/%2e/b|https://example.com/a/%2e%2e/b|https://example.com/a/.%2E/b|https://example.com/..a/b..|https://example.com/a//b|https://example.com//
https://example.com/...|https://example.com/a/../../../c/./d/|https://example.com/?a/../b|https://example.com/#a/../b|https://example.com/a/..?b|https://example.com/a/b/../../..
https://%41.com|https://%61.com|https://ex%61mple.com|https://a%20b|https://a%2fb|https://a%2Eb|https://a%00b|https://a%C3%A4.com|https://a%ff.com|https://a%|https://a%zz
https://ex%ample.com|https://example.com%2e|https://%|https://☃.com|https://😀.com|https://i❤.ws|https://xn--n3h.com|https://xn--ls8h.la|https://א.com|https://aא.com
https://а.com|https://Ⅷ.com|https://①.com|https://℃.com|https://℀.com|https://½.com|https://İ.com|https://ſ.com|https://ẞ.de|https://a．b|https://a｡b
https://１.２.３.４|https://１２７.1|https://٠.com|https://٣.com|https://नेपाल.com|https://한국.kr|https://l·l.com|https://カ・カ.com|https://a‥b
https://example.com:80/a:b@c|https://example.com/a@b|https://example.com?a@b|https://example.com#a@b|https://example.com/https://x|https://example.com/a?b?c#d#e
 https://example.com|https://example.com |  https://example.com  |https://exa mple.com|https:// example.com|https://example.com /a|h ttps://example.com
""".strip("\n").split("\n")
URLS = [text for line in URLS for text in line.split("|")] + ["https://example.com/a|b", "https://a|b.com", "https://u|v@example.com", "https://example.com/?a|b"]
URLS += ["", "\t\nhttps://example.com\n", "https://exa\tmple.com", "ht\ntps://example.com/a\rb", "https:/\t/example.com", "\u0000https://example.com\u001f",
         "https://example.com/" + "a" * 2063, "https://example.com/" + "a" * 2064, "https://example.com/" + "ä" * 2063, "https://example.com/" + "ä" * 2064,
         "https://" + "a" * 63 + ".com", "https://" + "a" * 64 + ".com", "https://" + "a." * 200 + "com", " " * 2080 + "https://x", "https://" + "a" * 2000]
URLS += [f"{odd}https://example.com" for odd in ODD] + [f"https://exa{odd}mple.com" for odd in ODD] + [f"https://example.com{odd}" for odd in ODD]
URLS += [f"https://example.com/a{odd}b" for odd in ODD] + [f"https://example.com/?a{odd}b" for odd in ODD] + [f"https://example.com/#a{odd}b" for odd in ODD]
URLS += [f"https://u{odd}v@example.com" for odd in ODD] + [f"https://a{mark}b.com" for mark in PUNCTUATION] + [f"https://u{mark}v@example.com" for mark in PUNCTUATION]

_UUID = "12345678-1234-1234-1234-123456789abc"
UUIDS = [_UUID, _UUID.upper(), _UUID.replace("-", ""), "{" + _UUID + "}", "urn:uuid:" + _UUID, "URN:UUID:" + _UUID, "{" + _UUID, _UUID + "}", "(" + _UUID + ")",
         "{" + _UUID.replace("-", "") + "}", "urn:uuid:" + _UUID.replace("-", ""), "uuid:" + _UUID, "0x" + _UUID, " " + _UUID, _UUID + " ", _UUID + "\n",
         "", "x", "-", "----", "{}", "urn:uuid:", "{----}", "1-2-3-4-5", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
         "12345678_1234_1234_1234_123456789abc", "12345678-1234-1234-123-4123456789abc", "123456781-234-1234-1234-123456789abc", "1234567-81234-1234-1234-123456789abc"]
UUIDS += [_UUID[:end] for end in range(1, 36)] + [_UUID + _UUID[:more] for more in range(1, 5)] + [_UUID[:at] + _UUID[at + 1:] for at in range(36)]
UUIDS += [_UUID[:at] + "g" + _UUID[at + 1:] for at in range(0, 36, 3)] + [_UUID[:at] + "ä" + _UUID[at + 1:] for at in range(0, 36, 5)]
UUIDS += [_UUID[:at] + "-" + _UUID[at:] for at in range(0, 36, 2)]

DATES = """2026-01-02|2026-1-2|2026-13-01|2026-00-01|2026-02-30|2026-02-29|2024-02-29|2000-02-29|1900-02-29|2026-01-00|2026-01-32|2026-04-31|26-01-02|2026/01/02
20260102|2026-01-02T|2026-01-02T00|2026-01-02T00:00|2026-01-02T00:00:00|2026-01-02T00:00:00Z|2026-01-02t00:00:00z|2026-01-02 00:00|2026-01-02_00:00
2026-01-02T12:30|2026-01-02T24:00|2026-01-02T12:60|2026-01-02T12:30:60|2026-01-02T12:30:00.|2026-01-02T12:30:00.1|2026-01-02T12:30:00.123456
2026-01-02T12:30:00.1234567|2026-01-02T12:30:00.123456789|2026-01-02T12:30:00.1234567891|2026-01-02T12:30:00,5|2026-01-02T12:30:00,|2026-01-02T12:30+01:00
2026-01-02T12:30+0100|2026-01-02T12:30-01:30|2026-01-02T12:30+23:59|2026-01-02T12:30+24:00|2026-01-02T12:30+01:60|2026-01-02T12:30+1|2026-01-02T12:30+01:0
2026-01-02T12:30+01:00x|2026-01-02T12:30x|2026-01-02T12:30Zx|2026-01-02x|2026-01-02x00:00|2026-01-02  00:00| 2026-01-02|2026-01-02 |0001-01-01|9999-12-31
10000-01-01|-2026-01-02|+2026-01-02|0|1|-1|+1|-0|+-1|--1|1700000000|1700000000.5|1700000000000|1700000000000.5|20000000000|20000000001|-20000000001|86400
86401|-86400|172800.0|86400.5|1e9|1E9|99999999999999999999|9223372036854775807|253402300799|253402300800|253402300799999|253402300800000|-62135596800
-62167219201|nan|inf|Infinity|1_000| 1|1 |1.|.5|.|-.5|1.2.3||x|abc|2026|today|now|tomorrow|2026-01|12:30|T12:30|2026-01-02T1:30|2026-01-02T12:3
2026-01-02T12:30:0|2026-01-02T12:30:00+|2026-01-02T12:30:00 Z|2026-01-02T12:30:00 +01:00|2026-01-02T12:30:00−01:00|２026-01-02|2026-01-02T23:59:59-00:00
2026-W01-1|2026-002|Fri, 02 Jan 2026|Fri, 02 Jan 2026 00:00:00 GMT|1/2/2026|02.01.2026|2026.01.02|2026-01-02T00:00:00+05:00|2026-01-02T00:00-11:00
2026-12-31T23:59:59.9999999|2026-01-02T00:00:00.0000001|2026-01-02T00:00:00.000001|2026-01-02T00:00:01|2026-01-02T23:59:59Z|2026-01-02T00:00:00.0
2026-O1-02|2026-01-0Z|2026--01-02|2026-01--2|20-26-01-02|2026-01-02T-1:00|2026-01-02T+1:00|2026-01-02T12-30|2026-01-02T12:30:00:00|2026-01-02T1230""".replace("\n", "|").split("|")
# The first and the last year, and what lies beyond them.
DATES += """0000-01-01|0000-12-31|0000-01-01T00:00|0000-01-01T00:00:00Z|0000-01-01T12:30|0000-01-01T25:00|0000-01-01T|0000-01-01x|0000-00-00|0000-02-30
0000-01-01T00:00:00+99:00|0001-01-01T00:00+01:00|0001-01-01T00:00:00-01:00|9999-12-31T23:59:59-01:00|9999-12-31T23:59:59+01:00|9999-12-31T24:00|+10000-01-01
10000-01-01T00:00|-0001-01-01|-62135596801000|-62135683200000|-62135596800000|2016-12-31T23:59:60Z|2026-01-02T24:00:00|2026-01-02T24:00:01
2026-01-02T12:30-24:00|2026-01-02T12:30+24:60|2026-01-02T12:30+99:99|2026-01-02T25:ab|2026-01-02T25-00""".replace("\n", "|").split("|")

TIMES = """00:00|00:00:00|09:30|09:30:15|09:30:15.25|23:59:59|23:59:59.999999|24:00|24:00:00|24:00:00.0|24:01|25:00|99:99|23:60|23:59:60|23:59:60.5|00:00:60|23:59:61
12:30:00+24:00|12:30:00-24:00|12:30:00+23:59|12:30+23:60|12:30+24:60|12:30Z|12:30z|12:30:00.1234567|12:30:00,5|12:30:00.|12:30:00,|12:30:|12:3|1:30|123:00|12-30
ab:cd|25:ab|25-00|23:6x|24:60|12:30:0|12:30:5a|12:30:00.5x|12:30x|12:30:00x| 12:30|12:30 |12:30:00 |1230|12|1||x|-00:00|+12:30|86399|86400|1.5|noon|T12:30|12.30|１2:30
12:30:00:00|12:30:00.000000|00:00:00.000001|2026-01-02T12:30|2026-01-02""".replace("\n", "|").split("|")
