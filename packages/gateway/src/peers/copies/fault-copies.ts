import { type Entity, fieldsOf, type JsonObject, parseJson, stringifyJson } from '@medkit/core';
import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import type { FaultCopy } from './fault-copy.ts';

/** Maximum copies of all peers: the list item of each stays in memory. */
const MAX_COPIES = 2000;
/** Maximum bytes of a list item; the evidence is only on disk. */
const MAX_LISTED_BYTES = 12_288;

/** Identifies a copy. */
type CopyKey = Pick<FaultCopy, 'peer' | 'holder' | 'code'>;

/** The copied faults. Errors of the store are thrown unchanged. */
export interface FaultCopies {
  /** Returns the copies of one peer, in order of arrival. */
  of(peer: string): readonly FaultCopy[];
  find(key: CopyKey): FaultCopy | undefined;
  /** Returns a fault with its evidence; `undefined` if the copy was removed in the meantime. */
  detail(key: CopyKey): Promise<JsonObject | undefined>;
  /**
   * Stores a copy in place of the previous one, and removes others if space is short. Resolves with false if the copy
   * is too large itself.
   */
  put(copy: Omit<FaultCopy, 'bytes'>, detail: JsonObject): Promise<boolean>;
  /** Marks which copies the peer still lists. */
  mark(copies: readonly FaultCopy[], isListed: boolean): Promise<void>;
  /** Bytes of all copies. */
  bytes(): number;
  count(): number;
  /** Counts by peer: the one with the most is displaced first. */
  figures(): QuotaFigures;
}

/** Opens the copies of an earlier run, with a limit of `maxBytes`. */
export async function openFaultCopies(database: GatewayDatabase, maxBytes: number): Promise<FaultCopies> {
  const copies = new OwnedMap<string, FaultCopy>(MAX_COPIES, ({ peer }) => peer);
  let bytes = 0;
  const take = (copy: FaultCopy): void => {
    drop(copy);
    copies.set(nameOf(copy), copy);
    bytes += copy.bytes;
  };
  const drop = (key: CopyKey): void => {
    const known = copies.get(nameOf(key));
    if (!known) return;
    copies.delete(nameOf(key));
    bytes -= known.bytes;
  };
  if (await database.exists()) {
    const columns = 'peer, holder, code, item, entities, as_of_ms, bytes, is_listed';
    const rows = await (await database.store()).read(`SELECT ${columns} FROM fault_copies ORDER BY as_of_ms`);
    for (const { peer, holder, code, item, entities, as_of_ms, bytes: size, is_listed } of rows) {
      take({
        peer: String(peer),
        holder: String(holder),
        code: String(code),
        item: fieldsOf(parseJson(String(item))) ?? {},
        entities: parseJson(String(entities)) as unknown as readonly Entity[],
        asOfMs: Number(as_of_ms),
        bytes: Number(size),
        isListed: is_listed === 1,
      });
    }
  }
  /** Returns the copies that are removed for a new one. */
  const displacedBy = (copy: FaultCopy): readonly FaultCopy[] => {
    const known = copies.get(nameOf(copy));
    let tooMany = bytes - (known?.bytes ?? 0) + copy.bytes - maxBytes;
    let tooManyCopies = copies.size + (known ? 0 : 1) - MAX_COPIES;
    if (tooMany <= 0 && tooManyCopies <= 0) return [];
    const sizes = new Map<string, number>();
    for (const { peer, bytes: size } of copies.values()) sizes.set(peer, (sizes.get(peer) ?? 0) + size);
    const others = [...copies.values()].filter((each) => each !== known);
    const order = others.sort((one, other) => rankOf(one) - rankOf(other) || one.asOfMs - other.asOfMs);
    const gone: FaultCopy[] = [];
    while (order.length > 0 && (tooMany > 0 || tooManyCopies > 0)) {
      // Removes from the peer with the most: one that fails constantly displaces no other.
      const [largest] = [...sizes].reduce((most, each) => (each[1] > most[1] ? each : most));
      const at = order.findIndex(({ peer }) => peer === largest);
      const [next] = order.splice(Math.max(0, at), 1);
      if (!next) break;
      gone.push(next);
      sizes.set(next.peer, (sizes.get(next.peer) ?? 0) - next.bytes);
      tooMany -= next.bytes;
      tooManyCopies -= 1;
    }
    return gone;
  };
  const write = async (statements: readonly Statement[]): Promise<void> => {
    if (statements.length > 0) await (await database.store()).write(statements, {}, 'system');
  };
  return {
    of: (peer) => copies.valuesOf(peer),
    find: (key) => copies.get(nameOf(key)),
    detail: async ({ peer, holder, code }) => {
      const sql = 'SELECT detail FROM fault_copies WHERE peer = ? AND holder = ? AND code = ?';
      const [row] = await (await database.store()).read(sql, [peer, holder, code]);
      return row && fieldsOf(parseJson(String(row['detail'])));
    },
    put: async (fault, detail) => {
      const { peer, holder, code, asOfMs } = fault;
      const texts = [stringifyJson(fault.item), stringifyJson(detail), JSON.stringify(fault.entities)];
      const [itemBytes = 0, detailBytes = 0, entityBytes = 0] = texts.map((text) => Buffer.byteLength(text));
      const size = itemBytes + detailBytes + entityBytes;
      const copy = { ...fault, bytes: size };
      if (size > maxBytes || itemBytes + entityBytes > MAX_LISTED_BYTES) return false;
      const gone = displacedBy(copy);
      const parameters = [peer, holder, code, ...texts, Math.round(asOfMs), size, Number(fault.isListed)];
      await write([
        ...gone.map(removal),
        { sql: `INSERT OR REPLACE INTO fault_copies VALUES (${parameters.map(() => '?').join(', ')})`, parameters },
      ]);
      // A copy that was renewed in the meantime stays.
      for (const each of gone) if (copies.get(nameOf(each)) === each) drop(each);
      take(copy);
      return true;
    },
    mark: async (some, isListed) => {
      const changed = some.filter((copy) => copy.isListed !== isListed);
      const sql = 'UPDATE fault_copies SET is_listed = ? WHERE peer = ? AND holder = ? AND code = ?';
      await write(
        changed.map(({ peer, holder, code }) => ({ sql, parameters: [Number(isListed), peer, holder, code] })),
      );
      for (const copy of changed) if (copies.has(nameOf(copy))) copies.set(nameOf(copy), { ...copy, isListed });
    },
    bytes: () => bytes,
    figures: () => copies.figures(),
    count: () => copies.size,
  };
}

function nameOf({ peer, holder, code }: CopyKey): string {
  return `${peer} ${holder} ${code}`;
}

function removal({ peer, holder, code }: CopyKey): Statement {
  return {
    sql: 'DELETE FROM fault_copies WHERE peer = ? AND holder = ? AND code = ?',
    parameters: [peer, holder, code],
  };
}

/** Returns the rank of a copy; lower ranks are removed first: unlisted ones, then lower severities. */
function rankOf({ item, isListed }: FaultCopy): number {
  return isListed ? 1 + Number(item['severity'] ?? 0) : 0;
}
