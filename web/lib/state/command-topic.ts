/** Whether a topic is one: no pattern for several. */
export const isNamed = (topic: string): boolean => !/[+#]/.test(topic)

const takesCommands = (topic: string) => /set|cmnd|command/.test(topic)

/**
 * The topic of these that most likely takes commands. Of a pattern (`cmnd/lamp/+`) it is what stands before the word of the
 * command. Empty when there is none.
 */
export function commandTopicOf(topics: readonly string[]): string {
  const named = topics.filter(isNamed)
  return named.find(takesCommands) ?? topics.find(takesCommands)?.replace(/[+#].*/, '') ?? named[0] ?? ''
}
