/** Recordings as files on this machine. A separate entry point, since it needs no gateway. */
export { type BagReader, BagUnreadable, type RecordedTopic } from '@medkit/faults/reading';
export { joinAsNode } from '../report/report-fault.ts';
export { openBag } from './open-bag.ts';
export { type PlayOptions, playBag } from './play-bag.ts';
