"""A small model for each way to break the engine: text with one check, to be put after HEADER."""

from __future__ import annotations

HEADER = """
model broken
zone home, den, net, far
link access   : home -- net
link access_b : den -- net
link up       : net -- far
party alice at home
party bob at den
service apns, site at far
service vps at net
"""

TRAP = """
connection mixed : alice -> apns { tcp 1; stream redelivers in order }
connection apart : alice -> site { tcp 1; datagrams }
flow wanted  : apns -> alice on mixed { usual 200 }
flow beside  : apns -> alice on mixed { usual 300 }
flow precious: site -> alice on apart { usual 200 }
function f = wanted
function g = precious
function h = beside
adversary eve { on access; sees size; may drop }
check ask : eve cannot block f sparing g
"""

UPWARD = """
connection c : alice -> apns { tcp 1; stream }
flow goes  : alice -> apns on c { usual 200 }
flow comes : apns -> alice on c { usual 200 }
function f = goes
function g = comes
adversary eve { on access; sees ip; may drop }
check ask : eve cannot block f sparing g
"""

TWO_WAYS = """
connection c : alice -> apns { either tcp 1 or tcp 2; datagrams }
flow news : apns -> alice on c { usual 200 }
function f = news
policy p on access { drop tcp 1 }
policy q on access { drop tcp 2 size 200 }
"""

POOLS = """
connection a : alice -> apns { tcp 1; to 192.0.2.0/31; datagrams }
connection b : alice -> apns { tcp 1; to 192.0.2.0/31; datagrams }
flow uno   : apns -> alice on a { usual 200 }
flow due : apns -> alice on b { usual 200 }
function f = uno
function g = due
adversary eve { on access; sees ip; may drop }
check ask : eve cannot block f sparing g
"""

EITHER_HALF = """
connection a  : alice -> apns { tcp 1; to 192.0.2.0/31; datagrams }
connection b0 : alice -> apns { tcp 1; to 192.0.2.0; datagrams }
connection b1 : alice -> apns { tcp 1; to 192.0.2.1; datagrams }
flow uno  : apns -> alice on a  { usual 200 }
flow zero  : apns -> alice on b0 { usual 200 }
flow one   : apns -> alice on b1 { usual 200 }
function f = uno
function g = zero or one
adversary eve { on access; sees ip; may drop }
check ask : eve cannot block f sparing g
"""

TUNNEL = """
connection t : alice -> vps  { udp 1; datagrams }
connection c : alice -> site { tcp 2; via t; datagrams }
flow page : site -> alice on c { usual 200 }
function f = page
policy p on access { drop udp 1 }
check ask : f works under p
"""

HOPS = """
connection c : each of alice, bob -> apns { tcp 1; datagrams }
flow text : alice -> apns -> bob on c { usual 200 }
function f = text
policy p on access_b { drop tcp 1 }
check ask : f dies under p
"""

SERVICE = """
connection c : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { topic "chat"; usual 200 }
function f = text
policy p on apns { drop topic "chat" }
check ask : f dies under p
"""

THROTTLED = """
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 2; datagrams }
flow text : apns -> alice on c { usual 200; need 10 kbit }
flow news : apns -> alice on d { usual 200; need 1 kbit }
function f = text
function g = news
adversary eve { on access; sees port; may throttle 2 kbit }
check ask : eve cannot block f sparing g
"""

TOGETHER = """
connection c : alice -> apns { tcp 1; stream }
flow text : apns -> alice on c { usual 200; need 10 kbit }
flow news : apns -> alice on c { usual 300; need 10 kbit }
function f = text
function g = news
policy p on access { throttle 15 kbit }
check ask : f is strained under p
"""

RESET_UDP = """
connection c : alice -> apns { udp 1; datagrams }
flow text : apns -> alice on c { usual 200 }
function f = text
policy p on access { reset size 200 }
check ask : f is clean under p
"""

PADDED = """
connection c : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { padded 100..300 }
function f = text
policy p on access { drop size 200..300 }
check ask : f is clean under p
"""

MAY_OCCUR = """
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { usual 200 }
flow news : apns -> alice on d { size 200..300 }
function f = text
function g = news
adversary eve { on access; sees size; may drop }
check ask : eve cannot block f sparing g
"""

NONE_OCCURS = """
connection c : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { size 200..300 }
function f = text
policy p on access { drop size 200..250 }
check ask : f works under p with not occurs(text, 200..250)
"""

TWO_ARMS = """
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 2; datagrams }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
function f = a or b
policy p on access { drop tcp 1 }
check ask : f is clean under p
"""

GUARDED = """
assume u open
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 1; datagrams }
flow a : apns -> alice on c { usual 200; when u }
flow b : apns -> alice on d { usual 200 }
function f = a
function g = b
adversary eve { on access; sees size; may drop }
check ask : eve cannot block f sparing g
"""

SET_UP = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; datagrams }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { drop sni "a.example" }
check ask : f dies under p
"""

FOUND = """
connection c : alice -> apns { tcp 1; found by dns "a.example"; datagrams }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { drop dns "a.example" }
check ask : f dies under p
"""

EXPIRES = """
connection c : alice -> apns { tcp 1; datagrams }
flow a : alice -> apns on c { usual 200; durable expires }
function f = a
policy p on access { drop tcp 1 }
check ask : f dies under p for good
"""

FIRST = """
connection c : alice -> apns { tcp 1; datagrams }
flow a : alice -> apns on c { usual 200; durable }
function f = first a
policy p on access { drop tcp 1 }
check ask : f dies under p
"""

KEPT_UP = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; stream kept up }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { drop sni "a.example" }
check ask : f is clean under p at once
"""

BROKEN = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; stream kept up redelivers any order }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on c { usual 300 }
function f = b
function g = a
policy p on access { drop sni "a.example"; drop size 200 }
check ask : f dies under p at once
"""

PHASES = """
connection c : alice -> apns { tcp 1; stream kept up }
connection d : alice -> apns { tcp 1; datagrams }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
function f = b
function g = a
adversary eve { on access; sees port; may drop }
check ask : eve cannot block f sparing g at once
"""

UNDIRECTED = """
connection c : alice -> apns { tcp 1; datagrams }
flow a : apns -> alice on c { usual 200 }
flow b : alice -> apns on c { usual 200 }
function f = a
function g = b
adversary eve { on access; sees port; may drop }
check ask : eve cannot block f sparing g
"""

ALLOW_LIST = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; datagrams }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { allow sni "a.example"; default deny }
check ask : f is clean under p
"""

CARRIED = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; stream kept up }
connection d : alice -> apns { tcp 1; tls sni "b.example"; stream kept up }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
function f = a
function g = b
adversary eve { on access; sees sni; may drop }
check ask : eve can block f sparing g at once
"""


PENDING = """
connection c : alice -> apns { either udp 1 or tcp 1 tls sni "a.example"; datagrams }
connection d : alice -> apns { tcp 1; tls sni "a.example"; stream }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
function f = a
function g = b
adversary eve { on access; sees sni; may drop; limited to 1 rules; default deny }
check ask : eve cannot block f sparing g
"""

LISTED = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; stream kept up }
connection d : alice -> apns { tcp 1; tls sni "b.example"; stream kept up }
connection e : alice -> apns { tcp 1; tls sni "c.example"; stream kept up }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
flow other : apns -> alice on e { usual 200 }
function f = a
function g = b
function h = b and other
adversary eve { on access; sees sni; may drop; limited to 1 rules; default deny }
"""


def stream(order: str, ask: str) -> str:
    return f"""
connection c : alice -> apns {{ tcp 1; stream {order} }}
flow large : apns -> alice on c {{ usual 200 }}
flow other : apns -> alice on c {{ usual 300 }}
function f = large
function g = other
adversary eve {{ on access; sees size; may drop }}
policy p on access {{ drop size 200 }}
check ask : {ask}
"""
