// The interop steps with the synchronous client of Eclipse Paho for C. Arguments and output: ../README.md.
//   cc steps.c peer.c -o paho-c -lpaho-mqtt3c -pthread
#include "peer.h"
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/** Another process connects with a will and dies. */
static void lose(const char *id, const char *topic, const char *delay) {
  char *arguments[13] = {0};
  memcpy(arguments, run.words, 9 * sizeof *arguments);
  arguments[9] = (char *)id, arguments[10] = (char *)topic, arguments[11] = (char *)delay;
  pid_t child;
  int status;
  must(posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, environ) == 0, "start of the lost client");
  waitpid(child, &status, 0);
  must(status == 0, "login of the lost client");
}

static Peer *login(void) {
  Peer *peer = open_peer((Terms){0});
  see("login", peer->reason == 0 ? "welcome" : "refused");
  see("login", "wrong password %d", open_peer((Terms){.password = "wrong"})->reason);
  see("login", "nobody %d", open_peer((Terms){.user = ""})->reason);
  return peer;
}

static void messages(Peer *peer) {
  for (int qos = 0; qos < 3; qos++) {
    char topic[] = "qos/0";
    topic[4] += qos;
    subscribe(peer, topic, qos);
    publish(peer, topic, "hello", qos);
    see_next(peer, "qos", 1);
  }
  retain(peer, "kept/a", "old");
  retain(peer, "kept/a", "new");
  retain(peer, "kept/b", "gone");
  retain(peer, "kept/b", "");
  subscribe(peer, "kept/#", 1);
  publish(peer, "kept/end", "end", 1);
  see_next(peer, "retained", 2);
  subscribe(peer, "wills/lost", 1);
  lose("lost", "wills/lost", "0");
  see_next(peer, "will", 1);
}

static void session(Peer *peer) {
  Terms terms = {.id = "sleeper", .is_lasting = 1, .expiry = 1000};
  Peer *first = open_peer(terms);
  if (!run.is_five) see("session present", "%d", first->present);
  subscribe(first, "away/#", 2);
  end_peer(first, -1);
  publish(peer, "away/1", "one", 1);
  publish(peer, "away/2", "two", 2);
  publish(peer, "away/0", "lost", 0);
  publish(peer, "away/end", "end", 2);
  Peer *second = open_peer(terms);
  if (!run.is_five) see("session present", "%d", second->present);
  see_next(second, "session", 3);
  end_peer(second, -1);
  Peer *third = open_peer((Terms){.id = "sleeper"});
  if (!run.is_five) see("session present", "%d", third->present);
}

static void takeover(void) {
  Peer *old = open_peer((Terms){.id = "twin"});
  Peer *twin = open_peer((Terms){.id = "twin"});
  wait_beyond(old, &old->ended, -1, "end of the old connection");
  if (run.is_five) see("takeover", "closed %d", old->ended);
  else see("takeover", "closed");
  subscribe(twin, "takeover", 1);
  publish(twin, "takeover", "here", 1);
  see_next(twin, "takeover", 1);
}

static void refusals(Peer *peer) {
  Peer *narrow = open_peer((Terms){.user = run.narrow_user, .password = run.narrow_password});
  see("refused filter", "%d", subscribe(narrow, "closed", 1));
  if (!run.is_five) return;
  publish(narrow, "closed", "x", 1);
  wait_beyond(narrow, &narrow->published, -1, "reason of a refused message");
  see("refused publish", "%d", narrow->published);
  publish(peer, "nobody", "x", 1);
  wait_beyond(peer, &peer->published, -1, "reason of a message for nobody");
  see("no subscribers", "%d", peer->published);
  char full[LENGTH];
  under_root(full, "never");
  MQTTResponse response = MQTTClient_unsubscribe5(peer->client, full, NULL);
  see("unknown subscription", "%d", response.reasonCode);
  MQTTResponse_free(response);
}

static void properties(Peer *peer) {
  see("assigned client id", open_peer((Terms){0})->is_named ? "given" : "none");
  subscribe(peer, "request", 1);
  subscribe(peer, "answer", 1);
  char answer[LENGTH];
  under_root(answer, "answer");
  MQTTProperties about = MQTTProperties_initializer, reply = MQTTProperties_initializer;
  add_number(&about, MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR, 1);
  add_text(&about, MQTTPROPERTY_CODE_CONTENT_TYPE, "text/plain", NULL);
  add_text(&about, MQTTPROPERTY_CODE_RESPONSE_TOPIC, answer, NULL);
  add_text(&about, MQTTPROPERTY_CODE_CORRELATION_DATA, "c7", NULL);
  add_text(&about, MQTTPROPERTY_CODE_USER_PROPERTY, "a", "1");
  add_text(&about, MQTTPROPERTY_CODE_USER_PROPERTY, "a", "3");
  add_text(&about, MQTTPROPERTY_CODE_USER_PROPERTY, "b", "2");
  publish_with(peer, "request", "hello", 1, about, 0);
  see_next(peer, "properties", 1);
  MQTTProperties *came = &peer->properties[peer->taken - 1];
  MQTTProperty *topic = MQTTProperties_getProperty(came, MQTTPROPERTY_CODE_RESPONSE_TOPIC);
  MQTTProperties_add(&reply, MQTTProperties_getProperty(came, MQTTPROPERTY_CODE_CORRELATION_DATA));
  snprintf(answer, sizeof answer, "%.*s", topic->value.data.len, topic->value.data.data);
  publish_with(peer, answer + strlen(run.root) + 1, "yes", 1, reply, 0);
  see_next(peer, "properties", 1);
}

/** A lasting session that ends as told, comes back, and shows what waited for it. */
static void absence(Peer *peer, const char *name, Terms terms, int ending) {
  Peer *away = open_peer(terms);
  subscribe(away, "absent", 1);
  end_peer(away, ending);
  publish(peer, "absent", "kept", 1);
  Peer *back = open_peer(terms);
  subscribe(back, "absent", 1);
  publish(back, "absent", "end", 1);
  int is_kept = strstr(take(back), "kept") != NULL;
  if (is_kept) take(back);
  see("session expiry", "%s: %send", name, is_kept ? "kept " : "");
}

static void expiry(Peer *peer) {
  absence(peer, "without", (Terms){.id = "absent-0", .is_lasting = 1}, -1);
  absence(peer, "with 100", (Terms){.id = "absent-100", .is_lasting = 1, .expiry = 100}, -1);
  absence(peer, "ended by disconnect", (Terms){.id = "absent-200", .is_lasting = 1, .expiry = 200}, 0);
  Terms terms = {.id = "expiry", .is_lasting = 1, .expiry = 1000};
  Peer *away = open_peer(terms);
  subscribe(away, "expiry/#", 1);
  end_peer(away, -1);
  MQTTProperties soon = MQTTProperties_initializer, late = MQTTProperties_initializer;
  add_number(&soon, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL, 1);
  add_number(&late, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL, 100);
  publish_with(peer, "expiry/short", "short", 1, soon, 0);
  publish_with(peer, "expiry/long", "long", 1, late, 0);
  // The will with a delay of a second is later than a message that expires in one.
  lose("late", "wills/late", "1");
  see_next(peer, "will delay", 1);
  see_next(open_peer(terms), "message expiry", 1);
}

static void options(Peer *peer) {
  Peer *own = open_peer((Terms){0});
  MQTTSubscribe_options plain = MQTTSubscribe_options_initializer, no_local = plain, published = plain, handling = plain;
  no_local.noLocal = 1, published.retainAsPublished = 1, handling.retainHandling = 2;
  subscribe_as(own, "local", 1, no_local, 0);
  publish(own, "local", "own", 1);
  publish(peer, "local", "other", 1);
  see_next(own, "no local", 1);
  subscribe_as(own, "published", 1, published, 0);
  retain(peer, "published", "kept");
  see_next(own, "retain as published", 1);
  retain(peer, "handling", "kept");
  subscribe_as(own, "handling", 1, handling, 0);
  publish(peer, "handling", "live", 1);
  see_next(own, "retain handling", 1);
  subscribe_as(own, "identified", 1, plain, 7);
  publish(peer, "identified", "hello", 1);
  see_next(own, "subscription identifier", 1);
}

static void shares(Peer *peer) {
  Peer *members[] = {open_peer((Terms){0}), open_peer((Terms){0})};
  char filter[LENGTH];
  snprintf(filter, sizeof filter, "$share/group/%s/shared", run.root);
  for (int i = 0; i < 2; i++) subscribe(members[i], filter, 1);
  const char *payloads[] = {"1", "2", "3", "4"};
  for (int i = 0; i < 4; i++) publish(peer, "shared", payloads[i], 1);
  int seen = 0, different = 0;
  for (int i = 0; i < 4; i++) seen |= 1 << (strstr(take(members[i % 2]), "shared ")[7] - '1');
  for (; seen; seen >>= 1) different += seen & 1;
  see("shared subscription", "2 and 2 of %d", different);
}

static void aliases(Peer *peer) {
  MQTTProperties about = MQTTProperties_initializer;
  add_number(&about, MQTTPROPERTY_CODE_TOPIC_ALIAS, 1);
  subscribe(peer, "alias/out", 1);
  publish_with(peer, "alias/out", "first", 1, about, 0);
  publish_with(peer, "", "second", 1, about, 0);
  see_next(peer, "alias of the client", 2);
  Peer *listener = open_peer((Terms){.alias_maximum = 3});
  subscribe(listener, "alias/in", 0);
  publish(peer, "alias/in", "first", 0);
  publish(peer, "alias/in", "second", 0);
  see_next(listener, "alias of the hub", 2);
}

int main(int count, char **arguments) {
  must(count >= 9, "arguments: host port level root user password narrow-user narrow-password");
  run = (Run){.words = arguments, .is_five = *arguments[3] == '5', .root = arguments[4]};
  run.user = arguments[5], run.password = arguments[6];
  run.narrow_user = arguments[7], run.narrow_password = arguments[8];
  snprintf(run.uri, sizeof run.uri, "tcp://%s:%s", arguments[1], arguments[2]);
  if (count == 12) {
    Terms terms = {.id = arguments[9], .will = arguments[10], .is_lasting = 1, .expiry = 1000};
    terms.will_delay = atoi(arguments[11]);
    _exit(open_peer(terms)->reason);
  }
  // The library looks for new connections ten times a second: two processes wait half as long.
  pid_t half = run.is_five ? fork() : -1;
  Peer *peer = half == 0 ? open_peer((Terms){0}) : login();
  if (half == 0) {
    subscribe(peer, "wills/late", 1);
    expiry(peer);
    options(peer);
    aliases(peer);
    return 0;
  }
  messages(peer);
  session(peer);
  takeover();
  refusals(peer);
  if (!run.is_five) return 0;
  properties(peer);
  shares(peer);
  int status;
  waitpid(half, &status, 0);
  return status != 0;
}
