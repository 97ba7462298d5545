import { SovdError, UPLINK_RECORDS, UPLINK_WAIT_SEC, type UplinkStatus } from '@medkit/contract';
import type { CursorOutcome, UplinkLog } from '@medkit/uplink';
import { stored } from '../database/store-errors.ts';
import { done } from '../http/answer.ts';
import { isLocalClient } from '../http/content-coding.ts';
import { type Exchange, type Handlers, UNCHANGED_NOTE } from '../http/exchange.ts';
import { hubOf } from '../security/identity.ts';
import type { UplinkFeature } from './uplink-feature.ts';

const DEFAULT_KB = 512;

/** Status of a robot without a hub. */
const NOT_ENROLLED: UplinkStatus = { state: 'not-enrolled' };

/** The handlers of the uplink. Without a hub, those of the log throw `not-implemented`. */
export function uplinkHandlers(
  feature: UplinkFeature | undefined,
): Pick<Handlers, 'getUplink' | 'getUplinkState' | 'readUplinkLog' | 'setUplinkCursor'> {
  return {
    getUplink: async (exchange) => (feature ? stored(() => feature.status(hubOf(exchange))) : NOT_ENROLLED),
    getUplinkState: async (exchange) => {
      const { log, uplink } = opened(feature, exchange);
      return stored(() => uplink.state(log, hubOf(exchange)));
    },
    readUplinkLog: async (exchange) => {
      const { log, uplink } = opened(feature, exchange);
      const { query, remoteAddress } = exchange;
      const after = Number(query['after'] ?? 0);
      const hub = hubOf(exchange);
      const head = await stored(() => log.head(hub));
      if (query['log'] !== undefined && query['log'] !== head.log) throw otherLog(head.log);
      if (after > head.newest) throw ahead(head.newest);
      if (after < head.removed)
        throw new SovdError({ code: 'x-medkit-log-gone', parameters: { oldest: head.removed } });
      const request = {
        after,
        limit: Number(query['limit'] ?? UPLINK_RECORDS.usual),
        maxChars: Number(query['max_kb'] ?? DEFAULT_KB) * 1024,
        waitMs: Number(query['wait_sec'] ?? UPLINK_WAIT_SEC.usual) * 1000,
      };
      const reply = uplink.lines(log, request, hub === undefined ? remoteAddress : `hub:${hub}`);
      if (reply) return reply;
      throw unavailable('Too many replies of the uplink log are open: close one of them');
    },
    setUplinkCursor: async (exchange) => {
      const { log } = opened(feature, exchange);
      const { log: id, seq } = exchange.body!;
      const hub = hubOf(exchange) ?? exchange.body!.hub;
      const outcome = await stored(() => log.setCursor(id, { hub, seq }));
      if (outcome !== 'stored') throw refused(outcome, await stored(() => log.head(hub)));
      // A record of each acknowledgement would be a record to acknowledge.
      exchange.note({ [UNCHANGED_NOTE]: '' });
      return done();
    },
  };
}

/** Returns the feature and its open log. Throws `SovdError` if the client may not use it, or there is none. */
function opened(
  feature: UplinkFeature | undefined,
  exchange: Exchange,
): { readonly uplink: UplinkFeature; readonly log: UplinkLog } {
  if (!feature) {
    const message = 'This gateway records nothing for a fleet hub: run `medkit enrol`, or set hub.url';
    throw new SovdError({ code: 'not-implemented', message });
  }
  const { headers, remoteAddress } = exchange;
  const isHub = hubOf(exchange) !== undefined;
  const isForwarded = headers['forwarded'] !== undefined || headers['x-forwarded-for'] !== undefined;
  if (!isHub && (isForwarded || !isLocalClient({ ip: remoteAddress }))) {
    const message =
      'The uplink log is available to the fleet hub and to programs on this machine only: run the client on the robot';
    throw new SovdError({ code: 'insufficient-access-rights', message });
  }
  const log = feature.log();
  if (!log)
    throw unavailable('The uplink log is closed: it needs the fault manager of medkit (fault_manager.mode: own)');
  return { uplink: feature, log };
}

const unavailable = (message: string): SovdError => new SovdError({ code: 'service-unavailable', message });

function otherLog(log: string): SovdError {
  const message = `The uplink log is ${log}, a new history: read the state, then the log from 0`;
  return new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { log } });
}

function ahead(newest: number): SovdError {
  const message = `The newest record of the uplink log is ${newest}: read the state again`;
  return new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { newest } });
}

function refused(outcome: Exclude<CursorOutcome, 'stored'>, head: { readonly log: string; readonly newest: number }) {
  if (outcome === 'other-log') return otherLog(head.log);
  if (outcome === 'ahead') return ahead(head.newest);
  const message = 'Four programs already have a cursor in this log, which is the maximum';
  return new SovdError({ code: 'precondition-not-fulfilled', message });
}
