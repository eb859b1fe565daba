import { commandLine } from './cli/command-line.ts'

process.exitCode = await commandLine(process.argv.slice(2))
// Nothing that is still open may keep a finished verb alive.
process.exit()
