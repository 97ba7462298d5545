/** Readers of recordings in the formats of rosbag2: MCAP and SQLite. */
export { type BagReader, BagUnreadable, joinBags, type RecordedTopic } from './bag-reader.ts';
export { openMcapReader } from './mcap-reader.ts';
export { openSqliteReader } from './sqlite-reader.ts';
