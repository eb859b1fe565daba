export {
  createTopicMemory,
  type Branch,
  type Remembered,
  type TopicMemory,
  type TopicMemoryOptions,
} from './topic-memory.ts'
