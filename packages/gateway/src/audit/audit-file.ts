import { type AuditFile, recordNotifier, WAITING_RECEIPTS, WAITING_TABLES } from '@medkit/audit';
import type { Log } from '@medkit/core';
import type { Clock, Files, Timer } from '@medkit/edges';
import type { Store } from '@medkit/store';
import type { HubDatabase } from '../database/hub-database.ts';
import { type LazyStore, lazyStore, serverStore } from '../database/lazy-store.ts';
import { migrateDatabase } from '../database/migrate-database.ts';
import type { AuditLocation } from './audit-location.ts';

/** Disk space reserved for records, for some hundred of them once the disk is full. */
const RESERVE_BYTES = 1024 * 1024;
/** Interval of the attempts to restore that reserve. */
const REGAIN_MS = 10_000;

export interface AuditFileOptions {
  /** Called at the first use. */
  readonly place: () => Promise<AuditLocation>;
  /** Present if the gateway is a hub on PostgreSQL. */
  readonly hub?: AuditOfHub | undefined;
  readonly files: Pick<Files, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AuditOfHub {
  /** Contains the log instead of a file. */
  readonly database: Pick<HubDatabase, 'open'>;
  /** File for the records that wait while the database is away. Absolute. */
  readonly waitingPath: string;
}

/** Creates the audit log, which opens at its first use. */
export function auditFile({ place, hub, files, clock, log }: AuditFileOptions): AuditFile {
  const appended = recordNotifier();
  let opened: Store | undefined;
  let regaining: Timer | undefined;
  let known: (LazyStore & { readonly path: string }) | undefined;
  let looking: Promise<LazyStore> | undefined;

  const regain = async (): Promise<void> => {
    // A store that restarts its thread also restores its reserve.
    if (!(await opened?.regainReserve().catch(() => false))) return;
    regaining?.cancel();
    regaining = undefined;
    log('info', 'the disk has space for the audit log again');
  };
  const onShortage = (): void => {
    if (regaining) return;
    log('error', 'the disk is full: the space reserved for the audit log is used up');
    regaining = clock.every(REGAIN_MS, () => void regain());
  };
  const open = async ({ path, former, limits }: AuditLocation): Promise<Store> => {
    // Loaded here, since a gateway that records nothing does not need them.
    const [{ AUDIT_RECEIPT }, { openStore }] = await Promise.all([import('@medkit/faults'), import('@medkit/store')]);
    migrateDatabase({ path, former }, log);
    const store = await openStore({
      path,
      migrations: AUDIT_RECEIPT,
      audit: limits,
      reserveBytes: RESERVE_BYTES,
      onShortage,
      clock,
      warn: (message) => log('warn', message),
    });
    opened = appended.observe(store);
    return opened;
  };
  const openInHub = async ({ database }: AuditOfHub, { limits }: AuditLocation): Promise<Store> => {
    const { AUDIT_RECEIPT } = await import('@medkit/faults');
    const migrations = { ...AUDIT_RECEIPT, ...WAITING_RECEIPTS };
    opened = appended.observe(await database.open('audit', { migrations, audit: limits }));
    return opened;
  };
  const find = async (): Promise<LazyStore> => {
    const there = await place();
    const store = hub ? serverStore(() => openInHub(hub, there)) : lazyStore(there.path, files, () => open(there));
    known = { path: there.path, ...store };
    return known;
  };
  const waiting = hub && waitingDatabase(hub.waitingPath, { files, clock, log });
  const lazy = (): Promise<LazyStore> => {
    looking ??= find().catch((error: unknown) => {
      looking = undefined;
      throw error;
    });
    return looking;
  };

  return {
    get path() {
      return hub ? opened?.facts().path : known?.path;
    },
    get opened() {
      return opened;
    },
    get isShort() {
      return regaining !== undefined;
    },
    waiting,
    onAppended: appended.onAppended,
    exists: async () => (await lazy()).exists(),
    store: async () => (await lazy()).store(),
    close: async () => {
      regaining?.cancel();
      const [found] = await Promise.allSettled([looking]);
      if (found.status === 'fulfilled') await found.value?.close();
      await waiting?.close();
    },
  };
}

function waitingDatabase(
  path: string,
  { files, clock, log }: Pick<AuditFileOptions, 'clock' | 'files' | 'log'>,
): LazyStore {
  return lazyStore(path, files, async () => {
    const { openStore } = await import('@medkit/store');
    return openStore({ path, migrations: WAITING_TABLES, clock, warn: (message) => log('warn', message) });
  });
}
