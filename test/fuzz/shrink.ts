/** Leaves parts of a list out, large ones first, as long as `fails` holds. @returns a list of which every item is needed. */
export async function shrink<T>(items: readonly T[], fails: (items: T[]) => boolean | Promise<boolean>): Promise<T[]> {
  let left = [...items]
  for (let size = Math.ceil(left.length / 2), isShorter = false; size > 0;) {
    for (let at = 0; at < left.length;) {
      const shorter = [...left.slice(0, at), ...left.slice(at + size)]
      if (await fails(shorter)) {
        left = shorter
        isShorter = true
      } else at += size
    }
    // What was needed may not be when something else is gone.
    if (size === 1 && isShorter) isShorter = false
    else size >>= 1
  }
  return left
}
