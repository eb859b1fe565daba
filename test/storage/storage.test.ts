import Database from 'better-sqlite3'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockFolder } from '../../server/storage/index.ts'
import { cause, openStage } from './support/stage.ts'

const stage = openStage()
const { start, restart, durable } = stage

describe('group commit', () => {
  it('makes one batch of everything written in a turn, across owners', async () => {
    const storage = await start()
    const batches = new Set<number>()
    for (let n = 1; n <= 1_000; n++) {
      batches.add(storage.broker.write({ op: 'broker.inbound.remove', session: 1, packetId: n }))
      batches.add(storage.rules.write({ op: 'rules.run.remove', id: String(n) }))
    }
    expect(batches.size).toBe(1)
    const [batch] = batches
    expect(storage.broker.durable).toBeLessThan(batch!)
    await durable(storage, batch!)
    expect(storage.rules.durable).toBe(batch)
  })

  it('numbers batches upwards and makes them durable in order', async () => {
    const storage = await start()
    const reached: number[] = []
    storage.broker.onDurable(batch => void reached.push(batch))
    let last = 0
    for (let n = 0; n < 5; n++) {
      last = storage.broker.write({ op: 'broker.retained.remove', topic: 'x' })
      await durable(storage, last)
    }
    expect(reached).toEqual(reached.toSorted((a, b) => a - b))
    expect(reached.at(-1)).toBe(last)
  })

  it('tells how many commits there were, how long they took, and what waits', async () => {
    const storage = await start()
    const before = storage.pace().hub
    expect(storage.pace().hub).toEqual({ ...before, longest: null })
    const batch = storage.broker.write({ op: 'broker.retained.remove', topic: 'x' })
    storage.broker.write({ op: 'broker.retained.remove', topic: 'y' })
    expect(storage.pace().hub.waiting).toBe(2)
    // The batch leaves at the end of the turn; its commit is still on its way a minute later.
    await new Promise(resolve => setImmediate(resolve))
    stage.clock.advance(60_000)
    const onItsWay = storage.broker.durable < batch
    expect(storage.pace().hub).toMatchObject({ longest: onItsWay ? 60_000 : 0, waiting: 0 })
    await durable(storage, batch)
    const { commits, milliseconds } = storage.pace().hub
    expect([commits - before.commits, milliseconds - before.milliseconds]).toEqual([1, onItsWay ? 60_000 : 0])
  })

  it('acknowledges nothing after a failed commit, and says so once', async () => {
    const storage = await start()
    const before = storage.broker.durable
    storage.broker.write({
      op: 'broker.delivery.put',
      delivery: {
        session: 99,
        seq: 1,
        message: 1,
        qos: 1,
        retain: false,
        subscriptionIds: [],
        share: null,
        state: 'queued',
        packetId: null,
      },
    })
    await new Promise<void>(resolve => {
      const look = () => (stage.fatal.length > 0 ? resolve() : setImmediate(look))
      look()
    })
    storage.broker.write({ op: 'broker.retained.remove', topic: 'x' })
    await storage.close()
    stage.open.length = 0
    expect(stage.fatal).toHaveLength(1)
    expect(storage.broker.durable).toBe(before)
  })
})

describe('the write budget', () => {
  it('lets values wait as long as the owner said, and writes them at the end', async () => {
    let storage = await start({ writeBudget: () => 60 })
    const raw = new Database(join(stage.folder, 'history.db'), { readonly: true })
    const count = () => (raw.prepare('select count(*) as n from batch').get() as { n: number }).n
    storage.history.putSeries({ id: 1, entity: 'E', value: 'on', class: 'light' })
    storage.history.record(1, { seq: 1, at: 1 }, true)
    stage.clock.advance(59_000)
    expect(count()).toBe(0)
    expect(stage.clock.pending).toBe(1)
    raw.close()
    storage = await restart(storage)
    expect((await storage.devices.load()).values).toMatchObject([{ value: true }])
  })
})

describe('files', () => {
  it('are for their owner alone, and hub.db waits for the disk', async () => {
    const storage = await start()
    storage.nextSeq()
    for (const name of readdirSync(stage.folder)) expect(statSync(join(stage.folder, name)).mode & 0o077).toBe(0)
    const raw = new Database(join(stage.folder, 'history.db'), { readonly: true })
    expect(raw.pragma('auto_vacuum', { simple: true })).toBe(2)
    raw.close()
  })

  it('of a newer schema are refused and stay as they are', async () => {
    await restart(await start())
    for (const storage of stage.open.splice(0)) await storage.close()
    const path = join(stage.folder, 'hub.db')
    const raw = new Database(path)
    raw.pragma('user_version = 999')
    raw.pragma('wal_checkpoint(TRUNCATE)')
    raw.close()
    const before = readFileSync(path)
    await expect(start()).rejects.toThrow(
      /hub\.db was written by a newer version of hob \(schema 999, this one knows \d+\)/,
    )
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('of damaged history are set aside, and the hub lives', async () => {
    writeFileSync(join(stage.folder, 'history.db'), 'this is no database, '.repeat(100))
    const storage = await start()
    expect(stage.logged).toEqual(['history.db is damaged; it was set aside and history begins anew'])
    expect(readdirSync(stage.folder).some(name => name.startsWith('history.db.damaged-'))).toBe(true)
    expect((await storage.devices.load()).values).toEqual([])
  })

  /** SQL that puts other bytes into each blob of a column. */
  function spoil(table: string, column: string, place: number, hex: string): string {
    const before = `substr(${column}, 1, ${place})`
    return `update ${table} set ${column} = cast(${before} || x'${hex}' || substr(${column}, ${place + hex.length / 2 + 1}) as blob)`
  }

  function change(sql: string): void {
    const raw = new Database(join(stage.folder, 'history.db'))
    raw.exec(sql)
    raw.close()
  }

  /** Garbage in the place of a table's first page. */
  function damage(table: string): void {
    const path = join(stage.folder, 'history.db')
    const raw = new Database(path)
    const page = raw.prepare('select rootpage from sqlite_master where name = ?').pluck().get(table) as number
    const size = raw.pragma('page_size', { simple: true }) as number
    raw.pragma('wal_checkpoint(TRUNCATE)')
    raw.close()
    const bytes = readFileSync(path)
    bytes.fill(0xff, (page - 1) * size, page * size)
    writeFileSync(path, bytes)
  }

  /** A hundred changes for each roll, at least once; without one they wait. */
  async function withHistory(rolls = 1, from = 0): Promise<void> {
    const storage = await start()
    storage.history.putSeries({ id: 1, entity: 'E', value: 'power', class: 'power' })
    for (let n = 0; n < 100 * Math.max(1, rolls); n++) {
      storage.history.record(1, { seq: n, at: from + n }, n)
      if (rolls > 0 && n % 100 === 99) await storage.history.roll([])
    }
    await storage.close()
    stage.open.length = 0
  }

  it('of history that is damaged inside are set aside at the start', async () => {
    await withHistory()
    damage('series')
    const storage = await start()
    expect(stage.logged).toEqual(['history.db is damaged; it was set aside and history begins anew'])
    expect((await storage.history.load()).series).toEqual([])
  })

  it('of history that turn out to be damaged later are set aside at the next start, and the hub lives', async () => {
    await withHistory()
    damage('activity')
    let storage = await start()
    const filter = { only: null, kinds: null, words: [], searchesCauses: false, areas: null }
    const ask = { from: 0, to: 100, before: null, limit: 10, ...filter }
    for (let i = 0; i < 2; i++) {
      await expect(storage.history.activity(ask)).rejects.toMatchObject({ code: 'storage.history_damaged' })
    }
    expect(stage.logged).toEqual(['history.db is damaged; it is set aside when the hub starts again'])
    storage = await restart(storage)
    expect(stage.logged.slice(1)).toEqual(['history.db is damaged; it was set aside and history begins anew'])
    expect((await storage.history.load()).series).toEqual([])
    expect(readdirSync(stage.folder).filter(name => name.endsWith('.damaged'))).toEqual([])
  })

  const bytes: Record<string, { sql: string; rolled: boolean }> = {
    'a batch of no such kind of value': { sql: spoil('batch', 'changes', 7, '63'), rolled: false },
    'a batch that is cut short': { sql: spoil('batch', 'changes', 0, 'ff'), rolled: false },
    'a batch whose length is no length': { sql: spoil('batch', 'changes', 0, 'ffffffff'), rolled: false },
    'a chunk of no such kind': { sql: spoil('chunk', 'samples', 0, '09'), rolled: true },
    'a chunk of more changes than it has': { sql: spoil('chunk', 'samples', 1, 'ffffff7f'), rolled: true },
    'a last value that is no JSON': { sql: `update series set last = '{'`, rolled: true },
  }

  it.each(Object.entries(bytes))('of history with %s are set aside at the start', async (_name, { sql, rolled }) => {
    await withHistory(rolled ? 1 : 0)
    change(sql)
    const storage = await start()
    expect(stage.logged).toEqual(['history.db is damaged; it was set aside and history begins anew'])
    expect(readdirSync(stage.folder).some(name => name.startsWith('history.db.damaged-'))).toBe(true)
    expect(await storage.devices.load()).toMatchObject({ values: [], points: [] })
  })

  it('of history with an old chunk that nobody can read answer all but that', async () => {
    await withHistory(2)
    change(`${spoil('chunk', 'samples', 0, '09')} where id = (select min(id) from chunk)`)
    let storage = await start()
    const ask = { kind: 'number', now: 200, points: 10, grain: 'raw' } as const
    await expect(storage.history.ask(1, { ...ask, from: 0, to: 50 })).rejects.toMatchObject({
      code: 'storage.history_damaged',
      message: 'what was recorded cannot be read: history.db is damaged (this is no chunk, or one of a newer version)',
    })
    // The rest stays, over restarts too.
    storage = await restart(storage)
    expect(await storage.history.ask(1, { ...ask, from: 250, to: 300 })).toMatchObject({ value: [199] })
    expect(readdirSync(stage.folder).filter(name => name.includes('.damaged'))).toEqual([])
  })

  it('of history with a chunk that its statistics need are set aside at the next start', async () => {
    await withHistory(2, stage.clock.now())
    change(`${spoil('chunk', 'samples', 0, '09')} where id = (select min(id) from chunk)`)
    const storage = await start()
    stage.clock.advance(86_400_000)
    await expect(storage.history.roll([])).rejects.toMatchObject({ code: 'storage.history_damaged' })
    await restart(storage)
    expect(stage.logged.at(-1)).toBe('history.db is damaged; it was set aside and history begins anew')
  })

  it('of history that cannot be written tell why until they can', async () => {
    const storage = await start()
    expect(storage.historyFault()).toBeNull()
    const other = new Database(join(stage.folder, 'history.db'))
    other.exec(`create trigger full before insert on series begin select raise(abort, 'the disk is full'); end`)
    storage.history.putSeries({ id: 1, entity: 'E', value: 'power', class: 'power' })
    await storage.history.flush()
    expect(storage.historyFault()).toBe('the disk is full')
    other.exec('drop trigger full')
    other.close()
    await storage.history.flush()
    expect(storage.historyFault()).toBeNull()
  })

  it('can be locked once', () => {
    const lock = lockFolder(stage.folder)
    expect(() => lockFolder(stage.folder)).toThrow(/another hob is running/)
    lock.release()
    lockFolder(stage.folder).release()
  })
})

describe('the sequence', () => {
  it('raises its mark while half of the block is left', async () => {
    const storage = await start()
    for (let n = 1; n <= 60_000; n++) expect(storage.nextSeq()).toBe(n)
    await durable(storage, storage.broker.write({ op: 'broker.retained.remove', topic: 'x' }))
    await new Promise(resolve => setImmediate(resolve))
    for (let n = 60_001; n <= 120_000; n++) storage.nextSeq()
    expect(storage.seq()).toBe(120_000)
  })

  it('goes on behind the committed mark', async () => {
    let storage = await start()
    const last = storage.nextSeq()
    storage = await restart(storage)
    expect(storage.nextSeq()).toBeGreaterThan(last)
  })
})

// Each thread loads its sources anew, which takes a busy machine seconds.
describe('with threads', { timeout: 60_000 }, () => {
  it('commits, answers, reads beside the writer and comes back', async () => {
    let storage = await start({ threads: true })
    expect(await storage.rules.saveFile({ slug: 'a', text: 'x', ifVersion: 0, cause, at: 1 })).toMatchObject({
      saved: { version: 1 },
    })
    expect(await storage.rules.versions('a')).toMatchObject([{ text: 'x' }])
    const message = {
      key: 1,
      topic: 't',
      payload: Uint8Array.of(1, 2),
      qos: 1,
      retain: true,
      properties: null,
      expiresAt: null,
      user: null,
      clientId: null,
      at: 1,
    } as const
    await durable(storage, storage.broker.write({ op: 'broker.message.put', message }))
    await storage.close()
    stage.open.length = 0
    storage = await start({ threads: true })
    const stored = await storage.broker.load()
    expect([...stored.messages[0]!.payload]).toEqual([1, 2])
    await storage.close()
    stage.open.length = 0
  })

  it('refuses a newer schema with the same words', async () => {
    await (await start()).close()
    stage.open.length = 0
    const raw = new Database(join(stage.folder, 'hub.db'))
    raw.pragma('user_version = 999')
    raw.close()
    await expect(start({ threads: true })).rejects.toMatchObject({ code: 'storage.newer_schema' })
  })

  it('refuses a hub.db that is damaged, and one that is a folder', async () => {
    const path = join(stage.folder, 'hub.db')
    writeFileSync(path, 'no database '.repeat(100))
    await expect(start({ threads: true })).rejects.toMatchObject({ code: 'storage.damaged' })
    rmSync(path)
    mkdirSync(path)
    await expect(start({ threads: true })).rejects.toMatchObject({ code: 'storage.cannot_open' })
  })
})

describe('in memory', () => {
  it('does the same without files', async () => {
    const storage = await start({ folder: null })
    expect(await storage.rules.saveFile({ slug: 'a', text: 'x', ifVersion: 0, cause, at: 1 })).toMatchObject({
      saved: { version: 1 },
    })
    expect(await storage.rules.versions('a')).toHaveLength(1)
    expect(readdirSync(stage.folder)).toEqual([])
  })
})
