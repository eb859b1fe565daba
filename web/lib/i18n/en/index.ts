import { pairing } from './pairing.ts'
import { device } from './device.ts'
import { devices } from './devices.ts'
import { formats } from './formats.ts'
import { home } from './home.ts'
import { messages } from './messages.ts'
import { problems } from './problems.ts'
import { ruleEditor } from './rule-editor.ts'
import { rules } from './rules.ts'
import { runs } from './runs.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { status } from './status.ts'
import { things } from './things.ts'
import { welcome } from './welcome.ts'

export const en = {
  device,
  devices,
  formats,
  home,
  messages,
  pairing,
  problems,
  ruleEditor,
  rules,
  runs,
  settings,
  shell,
  signIn,
  status,
  things,
  welcome,
}
