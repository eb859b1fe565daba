import type { CandidateJson, GuestJson, KnockJson, PairingJson } from '#api'

/** One line of what is heard: a device that is understood, a stranger that is not yet, or somebody who was refused. */
export type Heard =
  | {
      readonly kind: 'candidate'
      readonly id: string
      readonly candidate: CandidateJson
      readonly guest: GuestJson | null
    }
  | { readonly kind: 'guest'; readonly id: string; readonly guest: GuestJson }
  | { readonly kind: 'knock'; readonly id: string; readonly knock: KnockJson }

/** Those who can be added first, then those who talk, then those who were refused. */
export function toHeard({ candidates, guests, knocks }: PairingJson): Heard[] {
  const byId = new Map(guests.map(guest => [guest.id, guest]))
  return [
    ...candidates.map((candidate): Heard => {
      const guest = candidate.guest === null ? null : (byId.get(candidate.guest) ?? null)
      return { kind: 'candidate', id: candidate.id, candidate, guest }
    }),
    ...guests
      .filter(guest => guest.candidates.length === 0)
      .map((guest): Heard => ({ kind: 'guest', id: guest.id, guest })),
    ...knocks.map((knock): Heard => ({ kind: 'knock', id: knock.id, knock })),
  ]
}

/** Firmware for which there is something to type. */
export const KINDS = ['tasmota', 'esphome', 'sketch', 'other'] as const
export type Kind = (typeof KINDS)[number]

export interface Broker {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
}

/** Crockford's letters and digits: none that a firmware's console could take for something else. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

/** A login for a device, made up here. 24 letters are 120 bits. */
export function inventLogin(): Pick<Broker, 'username' | 'password'> {
  const pick = (length: number) =>
    Array.from(crypto.getRandomValues(new Uint8Array(length)), byte => LETTERS[byte % LETTERS.length]).join('')
  return { username: `d-${pick(6)}`, password: pick(24) }
}

/** What to type into a device, by its firmware. */
export function snippetFor(kind: Kind, { host, port, username, password }: Broker): string {
  switch (kind) {
    case 'tasmota':
      return `Backlog MqttHost ${host}; MqttPort ${port}; MqttUser ${username}; MqttPassword ${password}; SetOption19 0`
    case 'esphome':
      return `mqtt:
  broker: ${host}
  port: ${port}
  username: ${username}
  password: ${password}
  discovery_unique_id_generator: mac`
    case 'other':
      return `Host: ${host}
Port: ${port}
User: ${username}
Password: ${password}
Discovery prefix: homeassistant`
    case 'sketch':
      return `#include <WiFi.h>
#include <PubSubClient.h>

WiFiClient net;
PubSubClient mqtt(net);
const char* ID = "${username}";
const String STATE = String("sensors/") + ID + "/state";

void setup() {
  WiFi.begin("YOUR WIFI", "ITS PASSWORD");
  mqtt.setServer("${host}", ${port});
  mqtt.setBufferSize(1024);
}

void loop() {
  if (!mqtt.connected()) {
    if (!mqtt.connect(ID, ID, "${password}")) { delay(5000); return; }
    String config = String("{\\"name\\":\\"Temperature\\",\\"device_class\\":\\"temperature\\",") +
      "\\"unit_of_measurement\\":\\"°C\\",\\"unique_id\\":\\"" + ID + "_t\\",\\"state_topic\\":\\"" + STATE + "\\"," +
      "\\"device\\":{\\"identifiers\\":[\\"" + ID + "\\"],\\"name\\":\\"My sensor\\"}}";
    mqtt.publish((String("homeassistant/sensor/") + ID + "/t/config").c_str(), config.c_str(), true);
  }
  mqtt.loop();
  static unsigned long last = 0;
  if (millis() - last > 10000) {
    last = millis();
    mqtt.publish(STATE.c_str(), String(21.5).c_str());
  }
}`
  }
}
