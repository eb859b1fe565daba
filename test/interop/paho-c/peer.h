// Connections of the Paho client as the steps use them: each call waits for its answer.
#include <MQTTClient.h>
#include <pthread.h>

#define LENGTH 512
#define MESSAGES 16

/** The arguments of the program, and whether it speaks 5.0. */
typedef struct {
  char **words;
  const char *root, *user, *password, *narrow_user, *narrow_password;
  char uri[LENGTH];
  int is_five;
} Run;
extern Run run;

/** One connection and what came over it. */
typedef struct {
  MQTTClient client;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  char messages[MESSAGES][LENGTH];
  MQTTProperties properties[MESSAGES];
  int taken, came;
  char aliases[4][LENGTH];
  int delivered, published, ended, present, reason, is_named;
} Peer;

typedef struct {
  const char *id, *user, *password, *will;
  int is_lasting, expiry, will_delay, alias_maximum;
} Terms;

/** Prints what a step saw, without the root. */
void see(const char *step, const char *format, ...);
/** Ends the program unless something holds. */
void must(int holds, const char *what);
/** The topic or filter below the root. */
void under_root(char *full, const char *topic);
void add_number(MQTTProperties *to, enum MQTTPropertyCodes code, int value);
/** @param value of a user property, else NULL. */
void add_text(MQTTProperties *to, enum MQTTPropertyCodes code, const char *text, const char *value);
/** Waits until a field of the peer is greater than a value. */
void wait_beyond(Peer *peer, int *field, int value, const char *what);

Peer *open_peer(Terms terms);
/** @param expiry Session Expiry Interval of the DISCONNECT, -1 for none. */
void end_peer(Peer *peer, int expiry);
/** @return the granted QoS or the reason of a refusal. */
int subscribe(Peer *peer, const char *filter, int qos);
int subscribe_as(Peer *peer, const char *filter, int qos, MQTTSubscribe_options how, int identifier);
void publish(Peer *peer, const char *topic, const char *payload, int qos);
void retain(Peer *peer, const char *topic, const char *payload);
void publish_with(Peer *peer, const char *topic, const char *payload, int qos, MQTTProperties about, int is_retained);
/** The next message that came. */
const char *take(Peer *peer);
void see_next(Peer *peer, const char *step, int count);
