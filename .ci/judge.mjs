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

// A fault is a finding about what a capture holds, such as a configuration on the wrong topic; it is shown, and the
// command has to say so in its exit code. Anything else means that it broke.
for (const { hint, topic, message } of faults) console.log(`  ${hint ?? ''} ${topic}: ${message}`)

const isExpected = code === (faults.length > 0 ? 1 : 0)
if (!isExpected) console.log(`  exit code ${code} does not fit`)
process.exitCode = isExpected ? 0 : 1
