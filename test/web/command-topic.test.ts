import { expect, it } from 'vitest'
import { commandTopicOf } from '../../web/lib/state/command-topic.ts'

it.each<[topics: string[], topic: string]>([
  [['home/lamp/state', 'home/lamp/set', 'home/lamp/#'], 'home/lamp/set'],
  [['tele/plug/+', 'stat/plug/+', 'cmnd/plug/+', 'tasmota/discovery/x/config'], 'cmnd/plug/'],
  [['home/meter/#', 'home/meter/power'], 'home/meter/power'],
  [['home/#'], ''],
  [[], ''],
])('of %j the one to publish to is %j', (topics, topic) => {
  expect(commandTopicOf(topics)).toBe(topic)
})
