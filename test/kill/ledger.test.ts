import { describe, expect, it } from 'vitest'
import { Ledger } from './ledger.ts'

/** The faults that a reader's messages give, by their first lines. */
function faultsOf(acknowledged: readonly string[], received: readonly string[]): string[] {
  const ledger = new Ledger()
  for (const message of acknowledged) ledger.acknowledge(message)
  for (const message of received) ledger.receive('reader', message)
  ledger.compare('reader')
  return ledger.faults.map(fault => fault.split('\n')[0] ?? '')
}

describe('the ledger of the kill tests', () => {
  it.each([
    ['all is there', ['q1 0', 'q2 0'], ['q1 0', 'q2 0'], []],
    ['an unacknowledged message may be there or not', ['q1 0'], ['q1 0', 'q1 1'], []],
    ['QoS 1 may come twice', ['q1 0', 'q1 1'], ['q1 0', 'q1 1', 'q1 0', 'q1 1'], []],
    ['a message is lost', ['q1 0', 'q1 1'], ['q1 0'], ['q1 1: lost for reader']],
    ['QoS 2 comes twice', ['q2 0'], ['q2 0', 'q2 0'], ['q2 0: reader got it 2 times']],
    ['messages come out of order', ['q1 0', 'q1 1'], ['q1 1', 'q1 0'], ['q1 0: reader got it behind 1']],
    ['publishers may overtake each other', ['q1 0', 'q2 5'], ['q2 5', 'q1 0'], []],
  ])('%s', (_, acknowledged, received, faults) => {
    expect(faultsOf(acknowledged, received)).toEqual(faults)
  })

  it('tells the story of what went wrong', () => {
    const ledger = new Ledger()
    ledger.note('q2 7', 'sent, id 3')
    ledger.acknowledge('q2 7')
    ledger.compare('reader')
    expect(ledger.faults[0]).toMatch(/^q2 7: lost for reader\n {4}[\d.]+ ms sent, id 3\n {4}[\d.]+ ms acknowledged$/)
  })
})
