/** Listens to what nodes announce of themselves on a topic. */
export { topicBeacon as plugin } from './topic-beacon.ts';
