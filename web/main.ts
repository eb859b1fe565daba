import { mount } from 'svelte'
import '@fontsource-variable/hanken-grotesk/wght.css'
import '@fontsource-variable/atkinson-hyperlegible-mono/wght.css'
import './styles/base.css'
import './styles/tokens.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/panes.css'
import { createApp } from './lib/app.ts'
import Root from './lib/components/shell/Root.svelte'
import { language } from './lib/i18n/index.ts'
import { applyTheme, keptTheme } from './lib/theme.ts'
import { routes } from './routes/index.ts'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element with the id "app"')

document.documentElement.lang = language
applyTheme(keptTheme())
const app = createApp(routes)
mount(Root, { target, props: { app } })
app.clock.start()
app.session.keep()
void app.router.start()
