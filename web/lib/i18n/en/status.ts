/** What somebody sees while the hub has not answered yet. */
export const status = {
  title: {
    asking: 'Looking for Hob',
    starting: 'Hob is starting',
    ready: 'Hob is ready',
    unreachable: 'Hob is not reached',
  },
  lead: {
    asking: 'This page asks the hub whether it is up.',
    starting: 'It opens its data and rules. This page goes on by itself when the hub serves.',
    ready: 'Opening the house…',
    unreachable: 'No answer from this address. This page keeps asking and goes on by itself.',
  },
  stations: {
    label: 'How far the hub is',
    up: 'Up',
    version: (version: string) => `Version ${version}`,
    asking: 'Asking…',
    silent: 'No answer',
    silentFor: (duration: string) => `Silent for ${duration}`,
    silentAlways: 'Not heard since this page was opened',
    serving: 'Serving',
    servingNote: 'Broker, devices, rules and API',
    servingWait: 'Opening data and rules…',
    servingAhead: 'Comes after the hub is up',
  },
  repair: {
    text: 'Look whether the machine has power and network. On the machine itself this tells why the hub stopped:',
    command: 'journalctl -u hob -n 50',
    again: 'Ask again',
  },
  lastAnswer: (time: string) => `Last answer ${time}`,
  house: {
    asking: 'A drawn house with dark windows',
    starting: 'A drawn house with only the door lit',
    ready: 'A drawn house with all its windows lit',
    unreachable: 'A drawn house with dark windows',
  },
}
