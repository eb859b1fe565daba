import { parentPort, workerData } from 'node:worker_threads'
import { issue, type IssueRequest } from './issue.ts'

// The thread that makes certificates: loading what that takes holds an event loop for a tenth of a second.
parentPort!.postMessage(await issue(workerData as IssueRequest))
