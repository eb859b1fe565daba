// Reads the report of `hob replay --json` from standard input: one line of counts, and what is wrong with it.
//   judge.mjs NAME EXITCODE       NAME: the capture's dialect
import { text } from 'node:stream/consumers'

const [name, code] = [process.argv[2], Number(process.argv[3])]
const { devices, proposals, unrecognised, faults } = JSON.parse(await text(process.stdin))
const entities = devices.reduce((sum, device) => sum + device.entities.length, 0)
console.log(
  `${name}: ${devices.length} devices, ${entities} entities, ${proposals.length} proposals, ` +
    `${unrecognised.length} topics not recognised, ${faults.length} faults`,
)

// Announcements of components that no dialect reads yet may be faults; everything else of these two dialects may not.
const isCovered = ['tasmota', 'ha-discovery'].includes(name)
const isAhead = topic => /^[^/]+\/(?!(sensor|binary_sensor|switch|light|device)\/)[a-z_]+\/.*config$/.test(topic)
const wrong = isCovered ? faults.filter(({ topic }) => !isAhead(topic)) : []
for (const { hint, topic, message } of wrong) console.log(`  ${hint ?? ''} ${topic}: ${message}`)

// 1 says that there are faults; anything else but 0 says that it broke.
const isExpected = code === (faults.length > 0 ? 1 : 0)
if (!isExpected) console.log(`  exit code ${code} does not fit`)
process.exitCode = wrong.length === 0 && isExpected ? 0 : 1
