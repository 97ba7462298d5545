/** Receives hints that nodes publish on a topic. */
export { topicBeacon as plugin } from './topic-beacon.ts';
