import type { ProblemTexts } from '../../problem.ts'

/** What to say for a problem's code; codes that are not here show the hub's own `detail`. */
export const problems: ProblemTexts = {
  'web.unreachable': 'Hob is not reached. Nothing was changed.',
  'web.no_answer': 'Hob did not answer in time. Look whether it happened before you try again.',
  'web.unreadable': 'Something between this page and Hob answered in its place.',
  'api.unauthorised': 'You are signed out.',
  'api.forbidden': 'Your account may not do this.',
  'api.viewing': 'You only look through the eyes of somebody else. Nothing was changed.',
  'api.not_ready': 'Hob is still starting.',
  'api.failed': 'Something failed inside Hob. Its log says what.',
}
