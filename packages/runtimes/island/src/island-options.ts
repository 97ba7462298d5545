import type { Clock, Files, WritableFiles } from '@medkit/edges';
import type { FaultHost } from '@medkit/faults';
import type { OpenIngestListener } from '@medkit/ingest';

/** The open listener of the transport, with its counts for `/health`. */
export type IslandListener = Pick<OpenIngestListener, 'close' | 'counts' | 'quota'>;

/** Options of an island runtime. */
export interface IslandRuntimeOptions {
  /** Address that it listens on, for display: `udp:127.0.0.1:7799`. */
  readonly address: string;
  /** Opens the listener. `onMessage` is called with every message, whose buffer may be reused after the call. */
  readonly listen: (onMessage: (octets: Uint8Array) => boolean) => Promise<IslandListener>;
  /** Key that authenticates messages; absent for a socket with restricted access. */
  readonly key: Uint8Array | undefined;
  /** Time without messages after which the last state counts as stale. */
  readonly silentMs: number;
  /** Length of the port history in a freeze frame. */
  readonly historyMs: number;
  /** Absolute path of the file that stores the last session. */
  readonly sessionPath: string;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly clock: Clock;
  /** If absent, the runtime does not take part in fault management. */
  readonly faults?: FaultHost;
}
