import { appendFileSync, existsSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { install, listTree, makeRelease, makeScratch, run, sealRelease } from './scratch.ts'

let scratch: ReturnType<typeof makeScratch>
let release: string
let root: string
beforeEach(() => {
  scratch = makeScratch()
  release = join(scratch.path, 'release')
  root = join(scratch.path, 'root')
  mkdirSync(join(root, 'etc'), { recursive: true })
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n')
  makeRelease(release, '1.0.0')
})
afterEach(() => scratch.close())

const into = (...words: string[]) => install('--yes', '--root', root, '--from', release, ...words)
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const modeOf = (path: string) => (statSync(join(root, path)).mode & 0o7777).toString(8)

describe('installing', () => {
  it('puts program, user, configuration, data folder, command and service in their places', () => {
    const { code, stdout, stderr } = into()

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(readlinkSync(join(root, 'opt/hob/current'))).toBe('releases/1.0.0')
    expect(read('opt/hob/releases/1.0.0/dist/server/main.js')).toBe('// 1.0.0\n')
    expect(read('etc/passwd')).toMatch(/^root:.*\nhob:x:\d+:\d+:.*:\/var\/lib\/hob:\/usr\/sbin\/nologin\n$/)
    expect(read('etc/hob/config.yaml')).toContain('\nhttp_port: 80\nmqtt_port: 1883\n')
    expect([modeOf('etc/hob/config.yaml'), modeOf('var/lib/hob'), modeOf('usr/local/bin/hob')]).toEqual([
      '640',
      '700',
      '755',
    ])
    expect(read('usr/local/bin/hob')).toContain('exec /opt/hob/current/hob "$@"')
    expect(read('etc/systemd/system/hob.service')).toContain('ExecStart=/opt/hob/current/hob start\n')
    expect(existsSync(join(root, 'etc/systemd/system/hob.service.d'))).toBe(false)
    expect(stdout).toContain('hob claim')
  })

  it('leaves the program to nobody but root to change', () => {
    into()
    const loose = [...listTree(join(root, 'opt'))].filter(
      ([, facts]) => !facts.startsWith('->') && !/^(644|755) /.test(facts),
    )
    expect(loose).toEqual([])
  })

  it('changes no file the second and the third time', () => {
    into()
    const first = listTree(root)
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = into()
      expect(code).toBe(0)
      expect(stdout).toContain('1.0.0 is there and whole')
      expect(listTree(root)).toEqual(first)
    }
  })

  it('never overwrites a configuration', () => {
    into('--http-port', '8080')
    const config = join(root, 'etc/hob/config.yaml')
    appendFileSync(config, 'log_level: debug\n')
    const mine = readFileSync(config, 'utf8')
    expect(mine).toContain('http_port: 8080')

    const { stdout } = into('--http-port', '9090')
    expect(readFileSync(config, 'utf8')).toBe(mine)
    expect(stdout).toContain('stays as it is: http_port is set there')
  })

  it('repairs what was changed behind its back', () => {
    into()
    const before = listTree(root)
    writeFileSync(join(root, 'opt/hob/current/dist/server/main.js'), 'broken\n')
    writeFileSync(join(root, 'etc/systemd/system/hob.service'), '[Unit]\n')

    expect(into().code).toBe(0)
    const contentOf = (tree: Map<string, string>) =>
      [...tree].map(([path, facts]) => `${path} ${facts.split(' ').at(-1)}`)
    expect(contentOf(listTree(root))).toEqual(contentOf(before))
  })

  it('takes another data folder, for the service and for the command, and goes back', () => {
    into('--data-dir', '/srv/house')
    expect(read('etc/systemd/system/hob.service.d/data.conf')).toBe(
      '[Service]\nEnvironment=HOB_DATA=/srv/house\nReadWritePaths=/srv/house\n',
    )
    expect(read('usr/local/bin/hob')).toContain('HOB_DATA=${HOB_DATA:-/srv/house}')
    expect(modeOf('srv/house')).toBe('700')

    into()
    expect(existsSync(join(root, 'etc/systemd/system/hob.service.d/data.conf'))).toBe(false)
  })

  it('takes a tar archive', () => {
    const archive = join(scratch.path, 'hob.tar.gz')
    expect(run('tar', ['-czf', archive, '-C', release, '.']).code).toBe(0)
    expect(install('--yes', '--root', root, '--from', archive).code).toBe(0)
    expect(readlinkSync(join(root, 'opt/hob/current'))).toBe('releases/1.0.0')
  })

  it('keeps the release before a newer one, and no older', () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
      const folder = join(scratch.path, version)
      makeRelease(folder, version)
      expect(install('--yes', '--root', root, '--from', folder).code).toBe(0)
    }
    expect(readlinkSync(join(root, 'opt/hob/current'))).toBe('releases/1.2.0')
    expect(['1.0.0', '1.1.0', '1.2.0'].map(version => existsSync(join(root, 'opt/hob/releases', version)))).toEqual([
      false,
      true,
      true,
    ])
  })

  it('changes nothing in a dry run, and says what it would do', () => {
    const before = listTree(root)
    const { code, stdout } = into('--dry-run')
    expect(code).toBe(0)
    expect(stdout).toContain('put the service')
    expect(stdout).toContain('Nothing was changed')
    expect(listTree(root)).toEqual(before)
  })
})

describe('refusing', () => {
  it.each<[says: string, code: number, words: string[]]>([
    ['unknown argument --fast', 2, ['--fast']],
    ['--root needs a value', 2, ['--root']],
    ['--http-port wants a number', 2, ['--http-port', 'eighty']],
    ['--data-dir wants a path from /', 2, ['--data-dir', 'data']],
    ['--data-dir wants a path from /', 2, ['--data-dir', '/']],
    ['--data-dir may hold', 2, ['--data-dir', '/srv/my house']],
  ])('%s', (says, code, words) => {
    const before = listTree(root)
    const outcome = into(...words)
    expect(outcome.code).toBe(code)
    expect(outcome.stderr).toContain(says)
    expect(listTree(root)).toEqual(before)
  })

  it.each<[says: string, spoil: (folder: string) => void]>([
    ['is damaged', folder => writeFileSync(join(folder, 'dist/server/main.js'), 'changed')],
    ['holds no release', folder => run('rm', [join(folder, 'SHA256SUMS')])],
    [
      'is not made for',
      folder => {
        run('rm', ['-r', join(folder, 'node_modules')])
        sealRelease(folder)
      },
    ],
    ['there is no', folder => run('rm', ['-r', folder])],
  ])('a release that %s', (says, spoil) => {
    const before = listTree(root)
    spoil(release)
    const outcome = into()
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain(says)
    expect(listTree(root)).toEqual(before)
  })

  it("a data folder that holds somebody else's files, in purging too", () => {
    mkdirSync(join(root, 'srv/photos'), { recursive: true })
    writeFileSync(join(root, 'srv/photos/cat.jpg'), 'cat')
    const outcome = into('--data-dir', '/srv/photos')
    expect(outcome.code).toBe(3)
    expect(outcome.stderr).toContain("holds other files than Hob's")

    into()
    expect(install('--yes', '--root', root, '--purge', '--data-dir', '/srv/photos').code).toBe(1)
    expect(read('srv/photos/cat.jpg')).toBe('cat')
  })
})

describe('removing', () => {
  it('the program leaves data, configuration and user', () => {
    into()
    writeFileSync(join(root, 'var/lib/hob/hub.db'), 'house')
    const { code, stdout } = install('--yes', '--root', root, '--uninstall')
    expect(code).toBe(0)
    expect(stdout).toContain('stay')
    expect([...listTree(root).keys()]).toEqual(['etc/group', 'etc/hob/config.yaml', 'etc/passwd', 'var/lib/hob/hub.db'])
    expect(read('etc/passwd')).toContain('hob:')
  })

  it('everything leaves what was there before', () => {
    into('--data-dir', '/srv/house')
    writeFileSync(join(root, 'srv/house/hub.db'), 'house')
    expect(install('--yes', '--root', root, '--purge').code).toBe(0)
    expect([...listTree(root).keys()]).toEqual(['etc/group', 'etc/passwd'])
    expect(read('etc/passwd')).toBe('root:x:0:0:root:/root:/bin/sh\n')
    expect(read('etc/group')).toBe('root:x:0:\n')
  })

  it("somebody else's additions to the service stay", () => {
    into('--data-dir', '/srv/house')
    const added = 'etc/systemd/system/hob.service.d/limits.conf'
    writeFileSync(join(root, added), '[Service]\nMemoryMax=1G\n')
    expect(install('--yes', '--root', root, '--purge').code).toBe(0)
    expect([...listTree(root).keys()]).toEqual(['etc/group', 'etc/passwd', added])
  })

  it('what is not there is no fault', () => {
    expect(install('--yes', '--root', root, '--uninstall').code).toBe(0)
    expect(install('--yes', '--root', root, '--purge').code).toBe(0)
  })

  it('after an uninstall an install finds its data and configuration again', () => {
    into('--http-port', '8080')
    writeFileSync(join(root, 'var/lib/hob/hub.db'), 'house')
    install('--yes', '--root', root, '--uninstall')
    expect(into().code).toBe(0)
    expect(read('etc/hob/config.yaml')).toContain('http_port: 8080')
    expect(read('var/lib/hob/hub.db')).toBe('house')
  })
})
