import type { Random } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';

/** Maximum cursors, those of enrolled hubs excepted: each additional one retains records that it has not read. */
const MAX_HUBS = 4;

/** A hub at which this robot is enrolled. */
export interface EnrolledHub {
  readonly name: string;
  /** Whether records stay until this hub has them; a hub that only observes finds a hole. */
  readonly required: boolean;
}

/** The end of the log. */
export interface UplinkHead {
  /** Id of the log, a UUID; another id is another history. */
  readonly log: string;
  /** Number of the newest record, 0 if there is none. */
  readonly newest: number;
  /** Hash of the newest record, 32 hexadecimal digits. */
  readonly hash: string;
  /** Last number that was removed after every hub had read it. */
  readonly removed: number;
}

/** How far a hub has committed. */
export interface HubCursor {
  readonly hub: string;
  readonly seq: number;
}

/** The last record that a hub has stored. */
export interface HubPosition {
  readonly log: string;
  readonly seq: number;
  /** Hash of that record, 32 hexadecimal digits. */
  readonly hash: string;
}

/** The outcome of a changed cursor. */
export type CursorOutcome = 'stored' | 'other-log' | 'ahead' | 'too-many-hubs';

/** Reads the end of the log. A hub with a new history has another id of the log. */
export async function readHead(store: Pick<Store, 'read'>, hub = ''): Promise<UplinkHead> {
  const [row] = await store.read(
    `SELECT coalesce((SELECT log FROM uplink_hubs WHERE hub = ?), log) AS log, seq, hash, removed FROM uplink_head`,
    [hub],
  );
  return {
    log: String(row?.log),
    newest: Number(row?.seq),
    hash: Buffer.from(row?.hash as Uint8Array).toString('hex'),
    removed: Number(row?.removed),
  };
}

/** Reads how far each hub has committed. */
export async function readCursors(store: Pick<Store, 'read'>): Promise<readonly HubCursor[]> {
  const rows = await store.read('SELECT hub, acked_seq FROM uplink_hubs ORDER BY hub');
  return rows.map((row) => ({ hub: String(row.hub), seq: Number(row.acked_seq) }));
}

/** Stores how far a hub has committed the log with this id. */
export async function storeCursor(
  store: Pick<Store, 'read' | 'write'>,
  nowMs: number,
  logId: string,
  { hub, seq }: HubCursor,
  enrolled: readonly EnrolledHub[],
): Promise<CursorOutcome> {
  const { log: id, newest } = await readHead(store, hub);
  if (logId !== id) return 'other-log';
  if (seq > newest) return 'ahead';
  const isEnrolled = enrolled.some(({ name }) => name === hub);
  const known = await readCursors(store);
  if (!isEnrolled && known.length >= MAX_HUBS && !known.some((cursor) => cursor.hub === hub)) return 'too-many-hubs';
  await store.write([cursorStatement(hub, seq, nowMs, isEnrolled)]);
  return 'stored';
}

const cursorStatement = (hub: string, seq: number, nowMs: number, isEnrolled: boolean): Statement => ({
  sql: `INSERT INTO uplink_hubs (hub, acked_seq, at_ms, enrolled) VALUES (?, ?, ?, ?)
        ON CONFLICT (hub) DO UPDATE SET acked_seq = excluded.acked_seq, at_ms = excluded.at_ms, enrolled = excluded.enrolled`,
  parameters: [hub, seq, Math.floor(nowMs), isEnrolled ? 1 : 0],
});

/**
 * Returns the statements that remove the cursors of hubs at which this robot is no longer enrolled: they would retain
 * records for ever. Cursors of programs on this machine stay.
 */
export function forgetHubs(enrolled: readonly EnrolledHub[]): readonly Statement[] {
  const names = JSON.stringify(enrolled.map(({ name }) => name));
  const isKnown = 'hub IN (SELECT value FROM json_each(?))';
  return [
    // A cursor that an earlier version stored does not say whose it is.
    { sql: `UPDATE uplink_hubs SET enrolled = 1 WHERE ${isKnown}`, parameters: [names] },
    { sql: `DELETE FROM uplink_hubs WHERE enrolled = 1 AND NOT ${isKnown}`, parameters: [names] },
  ];
}

/** As `continueFrom` of the log. */
export async function continueFrom(
  store: Pick<Store, 'read' | 'write'>,
  random: Random,
  nowMs: number,
  hub: string,
  position: HubPosition | undefined,
): Promise<boolean> {
  if (!position) return true;
  const { log: id, removed } = await readHead(store, hub);
  if (position.log !== id) return false;
  const [row] = await store.read('SELECT hash FROM uplink_log WHERE seq = ?', [position.seq]);
  const isSame = row && Buffer.from(row.hash as Uint8Array).toString('hex') === position.hash;
  // A record that was removed cannot be compared. If no hub had read it according to this disk, the disk may be an
  // older copy whose log has filled up since then: another history repeats records, which the hub recognizes.
  if (isSame || (!row && position.seq <= removed)) return true;
  // For this hub alone: each hub compares its position, and none can make another one read the log again.
  await store.write([
    cursorStatement(hub, 0, nowMs, true),
    { sql: 'UPDATE uplink_hubs SET log = ? WHERE hub = ?', parameters: [uuidOf(random), hub] },
  ]);
  return false;
}

/** Returns a random UUID (RFC 9562, version 4). */
export function uuidOf(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
