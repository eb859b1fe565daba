import { formats } from './formats.ts'
import { problems } from './problems.ts'
import { rules } from './rules.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { status } from './status.ts'

export const en = { formats, problems, rules, shell, signIn, status }
