import { isTopicName } from '#kernel'
import { readContent, readTextContent } from '../content.ts'
import { readBool, readDuration, readInteger, readScalar, reportValue, sourceText } from '../scalars.ts'
import type { Field, Reader } from '../fields.ts'
import type { TextContent } from '../rule.ts'
import type { StepFormat } from './step.ts'

function readTopic(reader: Reader, field: Field): TextContent | undefined {
  const wanted = 'a topic such as home/porch/light/set'
  const scalar = readScalar(reader, field, wanted)
  if (scalar === undefined) return undefined
  const content = readTextContent(reader, scalar)
  if (content?.kind === 'literal') {
    const { text } = sourceText(reader, scalar)
    if (!isTopicName(text)) {
      const suggestion = /[+#]/.test(text) ? 'a message goes to one topic: + and # stand only in `on`' : null
      return reportValue(reader, scalar, { wanted, suggestion })
    }
  }
  return content
}

/** `publish: home/porch/light/set`, with `payload`, `qos`, `retain`, `expiry`. */
export const publish: StepFormat = {
  key: 'publish',
  keys: ['payload', 'qos', 'retain', 'expiry'],
  later: ['properties'],
  read(reader, { main, fields, base }) {
    const payload = fields.get('payload')
    const content = payload === undefined ? undefined : readContent(reader, payload, { units: false })
    const qos = readInteger(reader, fields.get('qos'), { min: 0, max: 2 })
    const retain = readBool(reader, fields.get('retain'))
    const expiry = readDuration(reader, fields.get('expiry'), { min: 1000 })
    const topic = readTopic(reader, main)
    if (topic === undefined) return undefined
    return {
      ...base,
      kind: 'publish',
      topic,
      payload: content ?? null,
      qos: (qos ?? 0) as 0 | 1 | 2,
      retain: retain ?? false,
      expiry: expiry ?? null,
    }
  },
}
