import type { Component } from 'svelte'
import type { Tile } from '../../state/house.ts'
import BinaryPane from './BinaryPane.svelte'
import LightPane from './LightPane.svelte'
import SensorPane from './SensorPane.svelte'
import SwitchPane from './SwitchPane.svelte'

const panes: Readonly<Record<string, Component<{ tile: Tile }>>> = {
  light: LightPane,
  switch: SwitchPane,
  binary_sensor: BinaryPane,
}

/** The pane of an entity, by its component. What has none of its own shows its main value. */
export const paneOf = (component: string): Component<{ tile: Tile }> => panes[component] ?? SensorPane
