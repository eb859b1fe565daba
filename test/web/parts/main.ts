import { mount } from 'svelte'
import '@fontsource-variable/hanken-grotesk/wght.css'
import '@fontsource-variable/atkinson-hyperlegible-mono/wght.css'
import '../../../web/styles/base.css'
import '../../../web/styles/tokens.css'
import '../../../web/styles/frame.css'
import '../../../web/styles/parts.css'
import { createApp } from '../../../web/lib/app.ts'
import Parts from './Parts.svelte'

mount(Parts, { target: document.getElementById('app')!, props: { app: createApp([]) } })
