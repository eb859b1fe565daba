export { askThrough, type Ask } from './hub-request.ts'
export { stopOnSignal } from './start.ts'
