import { join } from 'node:path';
import {
  type AssignedId,
  ENTITY_KINDS,
  errorMessage,
  type IdRegistry,
  idRegistry,
  isEntityId,
  type Log,
  type Model,
  type RuntimeHealth,
  type Warning,
} from '@medkit/core';
import { type Clock, type Files, taskQueue, type WritableFiles } from '@medkit/edges';
import { type StoredNodes, storedNodes } from './bound-nodes.ts';
import { namesakeWarnings } from './namesake-warnings.ts';

/** Delay that combines the ids of nodes that start together into one write. */
const WRITE_DELAY_MS = 1000;
/** Delay until ids that were not settled at the last write are written. */
const NEXT_WRITE_MS = 15_000;
/** Maximum size of the file: 20,000 ids with long names. A larger one is not medkit's. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** As for all files in the data folder. */
const OWNER_ONLY = 0o600;

export interface EntityIdsOptions {
  /** The data folder: absolute. */
  readonly folder: string;
  readonly files: Pick<Files, 'readText' | 'stateOf'> & Pick<WritableFiles, 'replaceText'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The assigned ids of entities, stored in the data folder. */
export interface EntityIds {
  readonly ids: IdRegistry;
  /** The nodes of manifest apps. */
  readonly boundNodes: StoredNodes;
  health(model: Pick<Model, 'tree'>): RuntimeHealth;
  /** Writes pending changes. */
  close(): Promise<void>;
}

/** Opens the assigned ids. If the file cannot be read, ids are assigned from scratch. */
export async function openEntityIds({ folder, files, clock, log }: EntityIdsOptions): Promise<EntityIds> {
  const path = join(folder, 'entity-ids.json');
  const scheduleWork = taskQueue();
  let problem: string | undefined;
  let isWaiting = false;
  let isClosed = false;
  const stored = await storedIds(path, files).catch((error: unknown) => {
    problem = `${path} cannot be read: ${errorMessage(error)}`;
    log('warn', `Entities may get different ids than before the restart: ${problem}`);
    return { ids: [], nodes: undefined };
  });
  const write = (): Promise<void> =>
    scheduleWork(async () => {
      const { ids: firm, isComplete } = ids.firm();
      try {
        await files.replaceText(
          path,
          `${JSON.stringify({ version: 1, ids: firm, nodes: boundNodes.rows() })}\n`,
          OWNER_ONLY,
        );
        problem = undefined;
      } catch (error) {
        if (problem === undefined) log('warn', `Ids of entities are not stored: ${errorMessage(error)}`);
        problem = `${path} cannot be written: ${errorMessage(error)}`;
      }
      if (!isComplete) writeLater(NEXT_WRITE_MS);
    });
  const writeLater = (delayMs: number): void => {
    if (isWaiting || isClosed) return;
    isWaiting = true;
    clock.after(delayMs, () => {
      isWaiting = false;
      if (!isClosed) void write();
    });
  };
  const changed = () => writeLater(WRITE_DELAY_MS);
  const ids = idRegistry({ clock, stored: stored.ids, changed });
  const boundNodes = storedNodes(stored.nodes, changed);
  return {
    ids,
    boundNodes,
    health: ({ tree }) => ({
      warnings: [...(problem === undefined ? [] : [notStored(problem)]), ...namesakeWarnings(tree, ids)],
      blocks: {},
    }),
    close: async () => {
      isClosed = true;
      await write();
    },
  };
}

async function storedIds(
  path: string,
  files: EntityIdsOptions['files'],
): Promise<{ readonly ids: readonly AssignedId[]; readonly nodes: unknown }> {
  const state = await files.stateOf(path);
  if (state && state.bytes > MAX_FILE_BYTES) throw new Error(`it has more than ${MAX_FILE_BYTES} bytes`);
  const text = await files.readText(path);
  if (text === undefined) return { ids: [], nodes: undefined };
  const { ids, nodes } = JSON.parse(text) as { readonly ids?: unknown; readonly nodes?: unknown };
  if (!Array.isArray(ids)) throw new Error('it contains no list of ids');
  return { ids: ids.flatMap((row: unknown) => storedId(row) ?? []), nodes };
}

function storedId(row: unknown): AssignedId | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const { kind, id, owner, inUse } = row as Partial<Record<keyof AssignedId, unknown>>;
  const known = ENTITY_KINDS.find((one) => one === kind);
  if (!known || typeof id !== 'string' || !isEntityId(id) || typeof owner !== 'object' || owner === null) {
    return undefined;
  }
  const { origin, node } = owner as Record<string, unknown>;
  if (typeof origin !== 'string') return undefined;
  const of = { origin, ...(typeof node === 'string' && { node }) };
  return { kind: known, id, owner: of, inUse: inUse === true };
}

function notStored(problem: string): Warning {
  const message = `Ids of entities are not stored: ${problem}. After a restart, nodes with the same name may swap ids. Make the data folder writable.`;
  return { code: 'entity_ids_not_stored', message };
}
