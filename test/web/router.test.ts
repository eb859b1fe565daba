import { describe, expect, it } from 'vitest'
import { isWithin, match } from '../../web/lib/router.svelte.ts'

const routes = [{ path: '/' }, { path: '/devices' }, { path: '/devices/new' }, { path: '/devices/:id/:tab' }]

describe('an address', () => {
  it.each<[address: string, path: string | undefined, params?: Record<string, string>]>([
    ['/', '/'],
    ['/devices', '/devices'],
    ['/devices/', '/devices'],
    ['/devices/new', '/devices/new'],
    ['/devices/a%2Fb/messages', '/devices/:id/:tab', { id: 'a/b', tab: 'messages' }],
    ['/devices/%E0%A4%A/x', '/devices/:id/:tab', { id: '%E0%A4%A', tab: 'x' }],
    ['/devices/x', undefined],
    ['/nothing', undefined],
  ])('%s has the page %s', (address, path, params = {}) => {
    const found = match(routes, address)
    expect(found?.route.path).toBe(path)
    if (found) expect(found.params).toEqual(params)
  })

  it('is within the page above it', () => {
    expect(isWithin('/devices', '/devices/x')).toBe(true)
    expect(isWithin('/devices', '/devices')).toBe(true)
    expect(isWithin('/dev', '/devices')).toBe(false)
    expect(isWithin('/', '/devices')).toBe(false)
  })
})
