/** Adding devices: the window, what is heard, and what to do about it. */
export const pairing = {
  title: 'Add a device',
  window: {
    open: (minutes: number) => `Open for ${minutes} minutes`,
    isOpen: 'open for new devices',
    extend: '5 min more',
    close: 'Close',
    batch: 'Stay open for several',
    left: (time: string) => `${time} left`,
  },
  closed: {
    title: 'The door is closed',
    text: 'While it is open, a device that Hob does not know is let in to be heard, and reaches nobody until it is added here.',
  },
  heard: {
    title: 'Heard',
    none: 'Nothing yet',
    list: 'What is heard',
    announces: (n: number) => (n === 1 ? '1 part' : `${n} parts`),
    talks: (n: number) => (n === 1 ? 'Not understood, 1 message' : `Not understood, ${n} messages`),
    silent: 'Let in, silent so far',
    refused: 'refused',
    unnamed: 'Without a client id',
  },
  kinds: {
    title: 'Not in the list?',
    tasmota: 'Tasmota',
    esphome: 'ESPHome',
    sketch: 'My own sketch',
    other: 'Something else',
  },
  stations: {
    label: 'How far it is',
    reached: 'Reached the hub',
    reachedFrom: (address: string, time: string) => `From ${address}, ${time}`,
    known: 'Speaks through a client that Hob knows',
    knownBy: (client: string) => `Client ${client}`,
    letIn: 'Let in to be heard',
    withPassword: (user: string) => `As ${user}, with a password of its own choice`,
    withoutPassword: 'It shows no password',
    message: 'First message',
    messages: (n: number) => (n === 1 ? '1 message so far' : `${n} messages so far`),
    messageAhead: 'Waiting. Usually 10 s after the login.',
    understood: 'Understood',
    understoodAs: (dialect: string, parts: number) => `${dialect}, ${parts === 1 ? '1 part' : `${parts} parts`}`,
    notYet: 'Not understood yet',
    notYetNote: 'It speaks, and announces nothing that Hob knows.',
    ahead: 'Comes after the login',
    gone: (time: string) => `Gone since ${time}`,
  },
  adopt: {
    values: 'What it says now',
    name: 'Name',
    suggested: (room: string) => `It says it is in “${room}”.`,
    allow: 'Add it without a password',
    allowText:
      'Anybody in this network who learns its client id can take its place. Better: give it a user name and password on its own page; it comes back by itself.',
    allowNeeded: 'Tick this first, or give the device a password.',
    go: 'Add it',
    reject: 'Reject',
    rejected: (name: string) => `${name} was sent away`,
    nameNeeded: 'It needs a name.',
    roomNeeded: 'The new room needs a name.',
  },
  adopted: {
    title: (name: string) => `${name} is one of the house`,
    where: (room: string) => `In ${room}. What it says now:`,
    nowhere: 'In no room yet. What it says now:',
    open: 'Open',
    another: 'Add another',
    wait: 'Its values are on their way.',
  },
  guest: {
    topics: 'What it says',
    hint: 'An announcement tells Hob what the topics mean. Most firmware sends it when told to:',
    tasmota: 'Tasmota: SetOption19 0, its own discovery.',
    esphome: 'ESPHome: discovery is on unless the YAML says discovery: false.',
    sketch: 'A sketch publishes one retained message, as here:',
    faults: 'What it announced and cannot be used',
  },
  knock: {
    said: {
      no_login: (address: string) => `${address} tried to connect without a login`,
      wrong_password: (address: string, user: string) => `${address} tried user ${user} with a wrong password`,
      unknown_user: (address: string, user: string) => `${address} tried user ${user}, whom nobody here knows`,
      used_twice: (address: string, user: string) => `${address} tried user ${user}, whose login is in use`,
      too_many: (address: string) => `${address} tried too often`,
      revoked: (address: string, user: string) => `${address} tried user ${user}, whose login was taken away`,
    },
    times: (n: number) => (n === 1 ? 'once' : `${n} times`),
    yours: 'Is this yours?',
    since: (times: string, time: string, client: string) => `Tried ${times} since ${time}, as client ${client}`,
    stops: {
      no_login: 'No login',
      wrong_password: 'Password refused',
      unknown_user: 'User not known',
      used_twice: 'Login used twice',
      too_many: 'Too many tries',
      revoked: 'Login taken away',
    },
    repairs: {
      no_login:
        'It shows no user name. Give it one and a password on its own page: any will do, Hob learns them when the device is added. Then open for new devices; it tries again by itself.',
      wrong_password:
        'This user name belongs to something that was added before, with another password. If it is the same device, its password was changed: set the old one. If it is another one, give it a user name of its own.',
      unknown_user:
        'It brings a user name and a password of its own, and that is enough. Open for new devices; it is let in to be heard when it tries again.',
      used_twice:
        'Something else is connected with the same login: a copied sketch, or two devices with one client id. Give each its own user name or client id.',
      too_many:
        'After ten wrong tries in a minute Hob answers slowly, and at most 20 strangers are heard at a time. Mend what it tries, or add or reject those who wait; it is let in a minute later.',
      revoked:
        'It was forgotten or rejected here. To have it back, close the door and open it again; then it is heard as a new device.',
    },
    open: 'Yes, let it in',
    openAgain: 'Close and open again',
    dismiss: 'Not mine',
  },
  nothing: {
    title: 'Listening',
    label: 'What to look at while nothing is heard',
    steps: [
      {
        after: 0,
        title: 'It knocks by itself',
        text: 'A device that is set up for this hub usually does within 10 s of its start. Restarting it hurries it.',
      },
      {
        after: 20,
        title: 'Power and network',
        text: 'Is it on, and in the same network? Most small boards know only 2.4 GHz Wi-Fi.',
      },
      { after: 45, title: 'The address', text: '' },
      {
        after: 90,
        title: 'MQTT is on',
        text: 'Tasmota: SetOption3 1. ESPHome: an mqtt: block. A sketch: connect() is called again when it fails.',
      },
      {
        after: 150,
        title: 'Something is between',
        text: 'A guest network, a VLAN or a firewall may keep it from the hub. A phone in the same network should open this page.',
      },
    ],
    address: (host: string | null, port: number) =>
      `Its MQTT host must be ${host ?? 'the address of the hub'}, its port ${port}; no mqtt:// in front. Many boards do not know .local names.`,
  },
  how: {
    address: 'Address of the hub',
    port: 'Port',
    localhost: 'Hob knows no address of its own in the network. Put the one of its machine in place of HUB.',
    login:
      'User name and password were made up here just now. The device brings them along, and Hob learns them when it is added.',
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'Marked. Copy it with the keyboard or a long press.',
    openFirst: 'The door is closed. Open it, then restart the device.',
    back: 'Back to what is heard',
    texts: {
      tasmota: {
        title: 'Tasmota',
        lead: 'On the plug’s own page: Consoles, Console. Paste this line; the plug restarts and shows up here.',
        after: 'Not on the Wi-Fi yet? Join its network tasmota-… with a phone, then open 192.168.4.1.',
      },
      esphome: {
        title: 'ESPHome',
        lead: 'Put these lines into the YAML of the node and install it.',
        after: 'Without Home Assistant the api: block has to go, or the node restarts every 15 minutes.',
      },
      sketch: {
        title: 'My own sketch',
        lead: 'For Arduino with PubSubClient. The announcement makes it known, so nothing has to be set up here.',
        after: 'Every topic below one root keeps it to itself: other devices can neither read nor write it.',
      },
      other: {
        title: 'Something else',
        lead: 'Whatever speaks MQTT and announces itself the Home Assistant way is understood. Enter this where it asks for its broker:',
        after: 'Programs such as Node-RED are not paired: hob client add gives them a login.',
      },
    },
  },
  forbidden: {
    title: 'Only for administrators',
    text: 'Those who run this house add its devices.',
  },
  failed: { title: 'What is heard could not be read', again: 'Try again' },
}
