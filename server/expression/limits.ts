/** Nodes of one expression. */
export const MAX_NODES = 2_000
/** Nesting of one expression. */
export const MAX_DEPTH = 60
/** Items handled by functions over lists in one evaluation. */
export const MAX_STEPS = 100_000
/** Characters of a text that an expression makes. */
export const MAX_TEXT = 65_536
/** Items of a list that an expression makes. */
export const MAX_ITEMS = 10_000
