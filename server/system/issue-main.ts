import { json } from 'node:stream/consumers'
import { issue, type IssueRequest } from './issue.ts'

// The process that makes certificates: what that takes stays in memory for good where it was loaded once.
process.stdout.write(JSON.stringify(await issue((await json(process.stdin)) as IssueRequest)))
