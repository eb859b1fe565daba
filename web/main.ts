import { mount } from 'svelte'
import { HubHealth } from './lib/hub-health.svelte.ts'
import { wordsFor } from './lib/i18n/index.ts'
import Status from './routes/Status.svelte'
import './styles/tokens.css'
import './styles/base.css'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element with the id "app"')

const { language, words } = wordsFor(navigator.languages)
document.documentElement.lang = language

const health = new HubHealth(request => fetch(request.path, request))
mount(Status, { target, props: { health, words, host: location.host } })
health.watch(document)
