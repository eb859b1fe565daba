import type { LoadPlan } from './load-plan.ts'

/** One comparison with the peer. */
export interface BrokerCase extends Pick<LoadPlan, 'shape' | 'publishers' | 'subscribers' | 'qos' | 'window' | 'pace'> {
  readonly name: string
}

/** What is measured against mosquitto, with 64-byte payloads. */
export const brokerCases: readonly BrokerCase[] = [
  { name: 'fan-in 50 -> 1, QoS 0', shape: 'fan-in', publishers: 50, subscribers: 1, qos: 0, window: 20, pace: null },
  { name: 'fan-in 50 -> 1, QoS 1', shape: 'fan-in', publishers: 50, subscribers: 1, qos: 1, window: 20, pace: null },
  { name: 'pairs 50 x 50, QoS 0', shape: 'pairs', publishers: 50, subscribers: 50, qos: 0, window: 20, pace: null },
  { name: 'pairs 50 x 50, QoS 1', shape: 'pairs', publishers: 50, subscribers: 50, qos: 1, window: 20, pace: null },
  {
    name: 'pairs 50 x 50, QoS 1, closed loop',
    shape: 'pairs',
    publishers: 50,
    subscribers: 50,
    qos: 1,
    window: 1,
    pace: null,
  },
  {
    name: 'fan-out 1 -> 100, QoS 0',
    shape: 'fan-out',
    publishers: 1,
    subscribers: 100,
    qos: 0,
    window: 20,
    pace: null,
  },
  {
    name: 'fan-out 1 -> 100, QoS 1',
    shape: 'fan-out',
    publishers: 1,
    subscribers: 100,
    qos: 1,
    window: 20,
    pace: null,
  },
  { name: 'paced 2,000/s, QoS 0', shape: 'pairs', publishers: 50, subscribers: 50, qos: 0, window: 20, pace: 2_000 },
]
