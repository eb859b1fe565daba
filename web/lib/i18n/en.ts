import type { Words } from './words.ts'

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** `47 s`, `2 min`, `3 h`: the largest unit that is full. */
function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`
}

export const en: Words = {
  title: {
    asking: () => 'Asking the hub',
    starting: name => `${name} is starting`,
    ready: name => `${name} is ready`,
    unreachable: name => `${name} is not reached`,
  },
  lead: {
    asking: 'Waiting for its first answer.',
    starting: 'It is up and opens its data. Devices and rules follow in a moment.',
    ready: 'Devices may connect, rules run, and the API answers.',
    unreachable: 'This page cannot reach the hub. It keeps asking by itself.',
  },
  stations: {
    label: 'How far the hub has come',
    up: 'Up',
    upNote: version => `Version ${version}`,
    upAsking: 'Not answered yet',
    silent: 'No answer',
    silentFor: length => `Silent for ${length}`,
    silentAlways: 'Not once since this page was opened',
    serving: 'Serving',
    servingNote: 'Broker, devices, rules and API',
    servingWait: 'Opening data and rules…',
    servingAhead: 'Comes after that',
  },
  repair: {
    text: 'Is the machine on, and is this device in the same network? On the machine itself this tells why the hub stopped:',
    command: 'journalctl -u hob -n 50',
    again: 'Ask again',
  },
  next: {
    title: 'First steps',
    user: 'Make yourself the owner',
    userCommand: 'hob user add NAME --role owner --password-stdin',
    client: 'Let a device or program in over MQTT',
    clientCommand: 'hob client add NAME --full',
    pages:
      'Devices, rules and history have no pages yet. Until then they are reached through the API and the hob command.',
    api: 'API description',
  },
  answeredAt: at => `Last answer ${time.format(at)}`,
  house: {
    ready: 'A drawn house with all its windows lit',
    starting: 'A drawn house with only the door lit',
    asking: 'A drawn house with dark windows',
    unreachable: 'A drawn house with dark windows',
  },
  age,
}
