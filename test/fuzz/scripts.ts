/** Scripts that once made a broker fail; `script.ts` says how to read them. */
export const scripts: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'a client that takes no packet as large as its CONNACK',
    text: `
      2 opens 101d00044d5154540500000010110000000022000527000000142100640000
      2 sends 3c0700016200020078`,
  },
]
