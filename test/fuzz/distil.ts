// Prints the corpus anew: the shortest inputs that lead to each outcome for each packet type, from a seed.
//   server/node.sh test/fuzz/distil.ts [SEED] > /tmp/corpus.txt
import { fuzzCodec, outcomeOf } from './codec-fuzz.ts'
import { inputText } from './corpus.ts'
import { shrink } from './shrink.ts'

const { discoveries } = await fuzzCodec(Number(process.argv[2] ?? 1), 1_000_000)
const kinds = new Map<string, string>()
for (const { outcome, ...input } of discoveries) {
  const type = input.bytes[0]! >> 4
  const bytes = await shrink([...input.bytes], fewer => {
    return (
      fewer[0] !== undefined &&
      fewer[0] >> 4 === type &&
      outcomeOf({ ...input, bytes: Buffer.from(fewer) }, [4_096]) === outcome
    )
  })
  const line = `${inputText({ ...input, bytes: Buffer.from(bytes) })} ${outcome}`
  const known = kinds.get(`${type} ${outcome}`)
  if (known === undefined || known.length > line.length) kinds.set(`${type} ${outcome}`, line)
}
console.log('# Level, sender, bytes, outcome. Written by distil.ts; what the fuzzers find is added at the end.')
console.log([...kinds.values()].toSorted().join('\n'))
