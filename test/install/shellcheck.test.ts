import { expect, it } from 'vitest'
import { join } from 'node:path'
import { projectRoot, run } from './scratch.ts'

it.each(['install.sh', 'hob', 'server/node.sh', '.ci/run'])('%s is clean', path => {
  expect(run('shellcheck', [join(projectRoot, path)])).toEqual({ code: 0, stdout: '', stderr: '' })
})
