#include "peer.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATIENCE 15

Run run;

void see(const char *step, const char *format, ...) {
  char text[LENGTH];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  printf("%s: ", step);
  size_t length = strlen(run.root);
  for (const char *at = text; *at;) {
    if (strncmp(at, run.root, length) == 0 && at[length] == '/') at += length + 1;
    else putchar(*at++);
  }
  putchar('\n');
  fflush(stdout);
}

void must(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

void under_root(char *full, const char *topic) {
  if (strncmp(topic, "$share/", 7) == 0 || *topic == 0) snprintf(full, LENGTH, "%s", topic);
  else snprintf(full, LENGTH, "%s/%s", run.root, topic);
}

void add_number(MQTTProperties *to, enum MQTTPropertyCodes code, int value) {
  MQTTProperty property = {.identifier = code};
  int type = MQTTProperty_getType(code);
  if (type == MQTTPROPERTY_TYPE_BYTE) property.value.byte = value;
  else if (type == MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER) property.value.integer2 = value;
  else property.value.integer4 = value;
  MQTTProperties_add(to, &property);
}

void add_text(MQTTProperties *to, enum MQTTPropertyCodes code, const char *text, const char *value) {
  MQTTProperty property = {.identifier = code};
  property.value.data = (MQTTLenString){strlen(text), (char *)text};
  if (value) property.value.value = (MQTTLenString){strlen(value), (char *)value};
  MQTTProperties_add(to, &property);
}

static void append(char *text, const char *format, ...) {
  size_t length = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + length, LENGTH - length, format, arguments);
  va_end(arguments);
}

static void append_number(char *text, const char *name, MQTTProperties *from, enum MQTTPropertyCodes code) {
  if (MQTTProperties_hasProperty(from, code)) append(text, " %s=%d", name, MQTTProperties_getNumericValue(from, code));
}

static void append_text(char *text, const char *name, MQTTProperties *from, enum MQTTPropertyCodes code) {
  for (int i = 0, count = MQTTProperties_propertyCount(from, code); i < count; i++) {
    MQTTProperty *property = MQTTProperties_getPropertyAt(from, code, i);
    append(text, i == 0 ? " %s=" : ",", name);
    append(text, "%.*s", property->value.data.len, property->value.data.data);
    if (code == MQTTPROPERTY_CODE_USER_PROPERTY)
      append(text, ":%.*s", property->value.value.len, property->value.value.data);
  }
}

static void describe(char *text, const char *topic, MQTTClient_message *message) {
  MQTTProperties *about = &message->properties;
  snprintf(text, LENGTH, "%s %.*s q%d%s", topic, message->payloadlen, (char *)message->payload, message->qos,
           message->retained ? " retain" : "");
  append_number(text, "payloadFormat", about, MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR);
  append_number(text, "messageExpiry", about, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL);
  append_text(text, "contentType", about, MQTTPROPERTY_CODE_CONTENT_TYPE);
  append_text(text, "responseTopic", about, MQTTPROPERTY_CODE_RESPONSE_TOPIC);
  append_text(text, "correlationData", about, MQTTPROPERTY_CODE_CORRELATION_DATA);
  append_number(text, "subscriptionIds", about, MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER);
  append_text(text, "userProperties", about, MQTTPROPERTY_CODE_USER_PROPERTY);
}

static void set(Peer *peer, int *field, int value) {
  pthread_mutex_lock(&peer->mutex);
  *field = value;
  pthread_cond_broadcast(&peer->changed);
  pthread_mutex_unlock(&peer->mutex);
}

void wait_beyond(Peer *peer, int *field, int value, const char *what) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += PATIENCE;
  pthread_mutex_lock(&peer->mutex);
  int is_late = 0;
  while (*field <= value && !is_late) is_late = pthread_cond_timedwait(&peer->changed, &peer->mutex, &until) == ETIMEDOUT;
  pthread_mutex_unlock(&peer->mutex);
  must(!is_late, what);
}

/** The library leaves the aliases of the hub to the program. */
static int on_message(void *context, char *topic, int length, MQTTClient_message *message) {
  (void)length;
  Peer *peer = context;
  int alias = MQTTProperties_getNumericValue(&message->properties, MQTTPROPERTY_CODE_TOPIC_ALIAS);
  char *known = alias > 0 && alias < 4 ? peer->aliases[alias] : topic;
  if (known != topic && *topic) snprintf(known, LENGTH, "%s", topic);
  must(peer->came < MESSAGES, "room for one more message");
  describe(peer->messages[peer->came], known, message);
  peer->properties[peer->came] = MQTTProperties_copy(&message->properties);
  set(peer, &peer->came, peer->came + 1);
  MQTTClient_freeMessage(&message);
  MQTTClient_free(topic);
  return 1;
}

static void on_lost(void *context, char *cause) {
  (void)cause;
  Peer *peer = context;
  if (peer->ended < 0) set(peer, &peer->ended, 0);
}

static void on_disconnected(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason) {
  (void)properties;
  set(context, &((Peer *)context)->ended, reason);
}

static void on_published(void *context, int token, int type, MQTTProperties *properties, enum MQTTReasonCodes reason) {
  (void)token, (void)type, (void)properties;
  set(context, &((Peer *)context)->published, reason);
}

static void on_delivered(void *context, MQTTClient_deliveryToken token) {
  (void)token;
  set(context, &((Peer *)context)->delivered, ((Peer *)context)->delivered + 1);
}

static void enter(Peer *peer, Terms terms, MQTTClient_connectOptions *options) {
  if (!run.is_five) {
    peer->reason = MQTTClient_connect(peer->client, options);
    peer->present = options->returned.sessionPresent;
    return;
  }
  MQTTProperties about = MQTTProperties_initializer, will = MQTTProperties_initializer;
  if (terms.is_lasting) add_number(&about, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL, terms.expiry);
  if (terms.alias_maximum) add_number(&about, MQTTPROPERTY_CODE_TOPIC_ALIAS_MAXIMUM, terms.alias_maximum);
  if (terms.will_delay) add_number(&will, MQTTPROPERTY_CODE_WILL_DELAY_INTERVAL, terms.will_delay);
  MQTTResponse response = MQTTClient_connect5(peer->client, options, &about, terms.will ? &will : NULL);
  peer->reason = response.reasonCode;
  peer->present = options->returned.sessionPresent;
  peer->is_named = response.properties &&
                   MQTTProperties_hasProperty(response.properties, MQTTPROPERTY_CODE_ASSIGNED_CLIENT_IDENTIFER);
  MQTTResponse_free(response);
}

Peer *open_peer(Terms terms) {
  Peer *peer = calloc(1, sizeof *peer);
  pthread_mutex_init(&peer->mutex, NULL);
  pthread_cond_init(&peer->changed, NULL);
  peer->published = peer->ended = -1;
  char id[LENGTH] = "", topic[LENGTH];
  if (terms.id) snprintf(id, sizeof id, "%s-%s", run.root, terms.id);
  MQTTClient_createOptions how = MQTTClient_createOptions_initializer;
  how.MQTTVersion = run.is_five ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  MQTTClient_createWithOptions(&peer->client, run.uri, id, MQTTCLIENT_PERSISTENCE_NONE, NULL, &how);
  MQTTClient_setCallbacks(peer->client, peer, on_lost, on_message, on_delivered);
  MQTTClient_connectOptions options3 = MQTTClient_connectOptions_initializer;
  MQTTClient_connectOptions options5 = MQTTClient_connectOptions_initializer5;
  MQTTClient_connectOptions options = run.is_five ? options5 : options3;
  MQTTClient_willOptions will = MQTTClient_willOptions_initializer;
  options.MQTTVersion = how.MQTTVersion;
  options.username = terms.user ? terms.user : run.user;
  options.password = terms.password ? terms.password : run.password;
  if (terms.user && !*terms.user) options.username = options.password = NULL;
  if (run.is_five) {
    options.cleanstart = !terms.is_lasting;
    MQTTClient_setDisconnected(peer->client, peer, on_disconnected);
    MQTTClient_setPublished(peer->client, peer, on_published);
  } else {
    options.cleansession = !terms.is_lasting;
  }
  if (terms.will) {
    under_root(topic, terms.will);
    will.topicName = topic, will.message = "gone", will.qos = 1;
    options.will = &will;
  }
  enter(peer, terms, &options);
  return peer;
}

void end_peer(Peer *peer, int expiry) {
  MQTTProperties about = MQTTProperties_initializer;
  if (expiry >= 0) add_number(&about, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL, expiry);
  if (run.is_five) MQTTClient_disconnect5(peer->client, PATIENCE * 1000, MQTTREASONCODE_SUCCESS, &about);
  else MQTTClient_disconnect(peer->client, PATIENCE * 1000);
}

int subscribe_as(Peer *peer, const char *filter, int qos, MQTTSubscribe_options how, int identifier) {
  char full[LENGTH];
  under_root(full, filter);
  if (!run.is_five) return MQTTClient_subscribe(peer->client, full, qos) == 0 ? qos : 128;
  MQTTProperties about = MQTTProperties_initializer;
  if (identifier) add_number(&about, MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER, identifier);
  MQTTResponse response = MQTTClient_subscribe5(peer->client, full, qos, &how, &about);
  int reason = response.reasonCode;
  MQTTResponse_free(response);
  return reason;
}

int subscribe(Peer *peer, const char *filter, int qos) {
  MQTTSubscribe_options how = MQTTSubscribe_options_initializer;
  return subscribe_as(peer, filter, qos, how, 0);
}

/** Publishes and waits for the acknowledgement. */
void publish_with(Peer *peer, const char *topic, const char *payload, int qos, MQTTProperties about, int is_retained) {
  char full[LENGTH];
  under_root(full, topic);
  MQTTClient_deliveryToken token;
  MQTTClient_message message = MQTTClient_message_initializer;
  message.payload = (void *)payload, message.payloadlen = strlen(payload);
  message.qos = qos, message.retained = is_retained, message.properties = about;
  int delivered = peer->delivered;
  set(peer, &peer->published, -1);
  if (!run.is_five) {
    must(MQTTClient_publishMessage(peer->client, full, &message, &token) == 0, "publish");
  } else {
    MQTTResponse response = MQTTClient_publishMessage5(peer->client, full, &message, &token);
    must(response.reasonCode == 0, "publish");
    MQTTResponse_free(response);
  }
  // The library's own wait looks ten times a second.
  if (qos > 0) wait_beyond(peer, &peer->delivered, delivered, "acknowledgement");
}

void publish(Peer *peer, const char *topic, const char *payload, int qos) {
  MQTTProperties none = MQTTProperties_initializer;
  publish_with(peer, topic, payload, qos, none, 0);
}

void retain(Peer *peer, const char *topic, const char *payload) {
  MQTTProperties none = MQTTProperties_initializer;
  publish_with(peer, topic, payload, 1, none, 1);
}

const char *take(Peer *peer) {
  wait_beyond(peer, &peer->came, peer->taken, "one more message");
  return peer->messages[peer->taken++];
}

void see_next(Peer *peer, const char *step, int count) {
  while (count-- > 0) see(step, "%s", take(peer));
}
