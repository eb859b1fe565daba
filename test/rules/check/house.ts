import { readFileSync } from 'node:fs'
import type { Json } from '#kernel'
import { catalogueFromJson } from '../../../rules/check/catalogue-file.ts'

/** The house of the examples. */
export const houseJson = JSON.parse(readFileSync(new URL('house.json', import.meta.url), 'utf8')) as Json

export const house = catalogueFromJson(houseJson)
