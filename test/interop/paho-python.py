"""The interop steps with paho-mqtt for Python. Arguments and output: README.md."""

import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

HOST, PORT, LEVEL, ROOT, USER, PASSWORD, NARROW_USER, NARROW_PASSWORD = sys.argv[1:]
IS_FIVE = LEVEL == "5"
PATIENCE = 15


def see(step, text):
    print(f"{step}: {text.replace(ROOT + '/', '')}", flush=True)


def props(packet, **values):
    made = Properties(getattr(PacketTypes, packet))
    for name, value in values.items():
        setattr(made, name, value)
    return made


def text_of(message):
    words = [message.topic, message.payload.decode(), f"q{message.qos}"]
    if message.retain:
        words.append("retain")
    about = message.properties.json() if IS_FIVE else {}
    names = {
        "PayloadFormatIndicator": "payloadFormat",
        "MessageExpiryInterval": "messageExpiry",
        "ContentType": "contentType",
        "ResponseTopic": "responseTopic",
    }
    words += [f"{word}={about[name]}" for name, word in names.items() if name in about]
    if "CorrelationData" in about:
        words.append(f"correlationData={message.properties.CorrelationData.decode()}")
    if "SubscriptionIdentifier" in about:
        words.append(f"subscriptionIds={','.join(map(str, about['SubscriptionIdentifier']))}")
    if "UserProperty" in about:
        words.append("userProperties=" + ",".join(f"{name}:{value}" for name, value in about["UserProperty"]))
    return " ".join(words)


class Peer:
    """One connection and what came over it."""

    def __init__(self, client_id="", clean=True, user=USER, password=PASSWORD, will=None, **properties):
        protocol = mqtt.MQTTv5 if IS_FIVE else mqtt.MQTTv311
        session = {} if IS_FIVE else {"clean_session": clean}
        self.client = mqtt.Client(client_id, protocol=protocol, reconnect_on_failure=False, **session)
        self.connacks, self.messages, self.answers, self.ends = (queue.Queue() for _ in range(4))
        self.aliases = {}
        client = self.client
        client.on_connect = lambda _c, _u, flags, reason, *about: self.connacks.put((flags, reason, about))
        client.on_disconnect = lambda _c, _u, reason, *_: self.ends.put(reason)
        client.on_message = lambda _c, _u, message: self.take_in(message)
        client.on_subscribe = lambda _c, _u, _id, reasons, *_: self.answers.put(reasons[0])
        client.on_unsubscribe = lambda _c, _u, _id, _about, reasons=None: self.answers.put(reasons)
        if user is not None:
            client.username_pw_set(user, password)
        if will is not None:
            client.will_set(**will)
        start = {"clean_start": clean, "properties": props("CONNECT", **properties)} if IS_FIVE else {}
        client.connect(HOST, int(PORT), **start)
        client.loop_start()
        self.flags, self.reason, self.about = self.connacks.get(timeout=PATIENCE)

    def take_in(self, message):
        """The library leaves the aliases of the hub to the program."""
        alias = getattr(message.properties, "TopicAlias", None) if IS_FIVE else None
        if alias is not None and message.topic:
            self.aliases[alias] = message.topic
        elif alias is not None:
            message.topic = self.aliases[alias].encode()
        self.messages.put(message)

    def subscribe(self, topic, qos=1, own=ROOT + "/", identifier=None, **options):
        if not IS_FIVE:
            self.client.subscribe(own + topic, qos)
        else:
            about = props("SUBSCRIBE") if identifier is None else props("SUBSCRIBE", SubscriptionIdentifier=identifier)
            self.client.subscribe(own + topic, options=SubscribeOptions(qos, **options), properties=about)
        return self.answers.get(timeout=PATIENCE)

    def publish(self, topic, payload, qos=1, retain=False, **properties):
        about = {"properties": props("PUBLISH", **properties)} if IS_FIVE else {}
        sent = self.client.publish(topic and f"{ROOT}/{topic}", payload, qos, retain, **about)
        sent.wait_for_publish(PATIENCE)

    def take(self):
        return self.messages.get(timeout=PATIENCE)

    def see(self, step, count=1):
        for _ in range(count):
            see(step, text_of(self.take()))

    def end(self, **properties):
        about = {"properties": props("DISCONNECT", **properties)} if IS_FIVE else {}
        self.client.disconnect(**about)
        self.client.loop_stop()

    def drop(self):
        """The socket breaks."""
        self.client.socket().shutdown(2)
        self.client.loop_stop()


def code_of(reason):
    return getattr(reason, "value", reason)


def lasting(name, expiry=1000):
    return {"client_id": f"{ROOT}-{name}", "clean": False, **({"SessionExpiryInterval": expiry} if IS_FIVE else {})}


def login():
    peer = Peer()
    see("login", "welcome" if code_of(peer.reason) == 0 else "refused")
    see("login", f"wrong password {code_of(Peer(password='wrong').reason)}")
    see("login", f"nobody {code_of(Peer(user=None).reason)}")
    return peer


def messages(peer):
    for qos in range(3):
        peer.subscribe(f"qos/{qos}", qos)
        peer.publish(f"qos/{qos}", "hello", qos)
        peer.see("qos")
    for topic, payload in ("a", "old"), ("a", "new"), ("b", "gone"), ("b", ""):
        peer.publish(f"kept/{topic}", payload, retain=True)
    peer.subscribe("kept/#")
    peer.publish("kept/end", "end")
    peer.see("retained", 2)


def wills(peer):
    peer.subscribe("wills/#")
    Peer(will={"topic": f"{ROOT}/wills/lost", "payload": "gone", "qos": 1}).drop()
    peer.see("will")


def session(peer):
    def present(sleeper):
        see("session present in 5.0" if IS_FIVE else "session present", str(sleeper.flags["session present"]))
        return sleeper

    first = present(Peer(**lasting("sleeper")))
    first.subscribe("away/#", 2)
    first.end()
    peer.publish("away/1", "one", 1)
    peer.publish("away/2", "two", 2)
    peer.publish("away/0", "lost", 0)
    peer.publish("away/end", "end", 2)
    second = present(Peer(**lasting("sleeper")))
    second.see("session", 3)
    second.end()
    present(Peer(f"{ROOT}-sleeper")).end()


def takeover():
    old = Peer(f"{ROOT}-twin")
    twin = Peer(f"{ROOT}-twin")
    reason = old.ends.get(timeout=PATIENCE)
    see("takeover", f"closed {code_of(reason)}" if IS_FIVE else "closed")
    twin.subscribe("takeover")
    twin.publish("takeover", "here")
    twin.see("takeover")
    twin.end()


def refusals(peer):
    narrow = Peer(user=NARROW_USER, password=NARROW_PASSWORD)
    see("refused filter", str(code_of(narrow.subscribe("closed"))))
    if not IS_FIVE:
        return
    peer.client.unsubscribe(f"{ROOT}/never")
    see("unknown subscription", str(code_of(peer.answers.get(timeout=PATIENCE))))


def properties(peer):
    nameless = Peer("")
    see("assigned client id", "given" if getattr(nameless.about[0], "AssignedClientIdentifier", "") else "none")
    peer.subscribe("request")
    peer.subscribe("answer")
    pairs = [("a", "1"), ("a", "3"), ("b", "2")]
    about = {"PayloadFormatIndicator": 1, "ContentType": "text/plain", "ResponseTopic": f"{ROOT}/answer"}
    peer.publish("request", "hello", **about, CorrelationData=b"c7", UserProperty=pairs)
    request = peer.take()
    see("properties", text_of(request))
    topic = request.properties.ResponseTopic.removeprefix(ROOT + "/")
    peer.publish(topic, "yes", CorrelationData=request.properties.CorrelationData)
    peer.see("properties")


def absence(peer, name, expiry, **ending):
    """A lasting session that ends as told, comes back, and shows what waited for it."""
    away = Peer(**lasting(f"absent-{expiry}", expiry))
    away.subscribe("absent")
    away.end(**ending)
    peer.publish("absent", "kept")
    back = Peer(**lasting(f"absent-{expiry}", expiry))
    back.subscribe("absent")
    back.publish("absent", "end")
    payloads = [back.take().payload.decode()]
    while payloads[-1] != "end":
        payloads.append(back.take().payload.decode())
    see("session expiry", f"{name}: {' '.join(payloads)}")
    back.end()


def expiry(peer):
    absence(peer, "without", 0)
    absence(peer, "with 100", 100)
    absence(peer, "ended by disconnect", 200, SessionExpiryInterval=0)
    away = Peer(**lasting("expiry"))
    away.subscribe("expiry/#")
    away.end()
    peer.publish("expiry/short", "short", MessageExpiryInterval=1)
    peer.publish("expiry/long", "long", MessageExpiryInterval=100)
    # The will with a delay of a second is later than a message that expires in one.
    about = props("WILLMESSAGE", WillDelayInterval=1)
    will = {"topic": f"{ROOT}/wills/late", "payload": "gone", "qos": 1, "properties": about}
    Peer(**lasting("late"), will=will).drop()
    peer.see("will delay")
    Peer(**lasting("expiry")).see("message expiry")


def options(peer):
    own = Peer()
    own.subscribe("local", noLocal=True)
    own.publish("local", "own")
    peer.publish("local", "other")
    own.see("no local")
    own.subscribe("published", retainAsPublished=True)
    peer.publish("published", "kept", retain=True)
    own.see("retain as published")
    peer.publish("handling", "kept", retain=True)
    own.subscribe("handling", retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
    peer.publish("handling", "live")
    own.see("retain handling")
    own.subscribe("identified", identifier=7)
    peer.publish("identified", "hello")
    own.see("subscription identifier")


def shares(peer):
    members = [Peer(), Peer()]
    for member in members:
        member.subscribe("shared", own=f"$share/group/{ROOT}/")
    for payload in "1234":
        peer.publish("shared", payload)
    came = [[member.take().payload for _ in range(2)] for member in members]
    see("shared subscription", f"{len(came[0])} and {len(came[1])} of {len(set(came[0] + came[1]))}")


def aliases(peer):
    peer.subscribe("alias/out")
    peer.publish("alias/out", "first", TopicAlias=1)
    peer.publish("", "second", TopicAlias=1)
    peer.see("alias of the client", 2)
    listener = Peer(TopicAliasMaximum=5)
    listener.subscribe("alias/in", 0)
    peer.publish("alias/in", "first", 0)
    peer.publish("alias/in", "second", 0)
    for _ in range(2):
        message = listener.take()
        del message.properties.TopicAlias
        see("alias of the hub", text_of(message))


PEER = login()
messages(PEER)
wills(PEER)
session(PEER)
takeover()
refusals(PEER)
if IS_FIVE:
    properties(PEER)
    expiry(PEER)
    options(PEER)
    shares(PEER)
    aliases(PEER)
