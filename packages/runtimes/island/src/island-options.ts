import type { Clock, Files, WritableFiles } from '@medkit/edges';
import type { FaultHost } from '@medkit/faults';
import type { OpenIngestListener } from '@medkit/ingest';

/** The open end of the transport, with its counts for `/health`. */
export type IslandListener = Pick<OpenIngestListener, 'close' | 'counts' | 'quota'>;

/** What an island is opened with. */
export interface IslandRuntimeOptions {
  /** Where it listens, for people: `udp:127.0.0.1:7799`. */
  readonly address: string;
  /** Opens that; `onMessage` gets every message, whose memory may be used again after the call. */
  readonly listen: (onMessage: (octets: Uint8Array) => boolean) => Promise<IslandListener>;
  /** What messages are authenticated with; absent on a socket that only some may connect to. */
  readonly key: Uint8Array | undefined;
  /** How long nothing may come before what was said last is old. */
  readonly silentMs: number;
  /** The last moments of ports in a freeze frame. */
  readonly historyMs: number;
  /** Where the last session is kept: absolute. */
  readonly sessionPath: string;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly clock: Clock;
  /** Absent: it has nothing to do with faults. */
  readonly faults?: FaultHost;
}
