import type { Incident } from '@medkit/contract';
import {
  errorMessage,
  type IncidentChanged,
  LOCAL,
  type Log,
  type Model,
  type Origin,
  quotaBlock,
  type RuntimeHealth,
} from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import {
  endOf,
  type IncidentBook,
  type IncidentEntry,
  openIncidentBook,
  openTimeline,
  timelineSpan,
} from '@medkit/incidents';
import type { Delivered } from '@medkit/webhooks';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';
import type { StreamSource } from '../http/stream-reply.ts';
import type { RouteReader } from '../route-reader.ts';
import { type FaultDetails, faultDetails } from './fault-details.ts';
import { startFaultIntake } from './fault-intake.ts';
import { faultReader } from './fault-reader.ts';
import { type IncidentService, incidentService } from './incident-service.ts';
import { recordTimelineEvents } from './timeline-events.ts';
import { readUserActions } from './user-actions.ts';

/** Minimum interval of reading audit records for a timeline that is requested repeatedly. */
const GATHERED_MS = 1000;
/** Maximum incidents for which the last read is remembered. */
const MAX_GATHERED = 200;
/** Number of latest incidents whose timelines may still grow. */
const LATEST = 100;

export interface IncidentSources {
  readonly config: Pick<GatewayConfig, 'incidents'>;
  readonly model: Model;
  readonly observed: ObservedLogs;
  readonly routes: RouteReader;
  readonly database: GatewayDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly machineName: string;
  /** Returns by how many milliseconds a gateway's clock is ahead of the local one. */
  readonly aheadOf: (origin: Origin) => number;
  /** As of `GatewayServerOptions`. */
  readonly configuresBlockingThreshold?: () => boolean;
  readonly log: Log;
}

/** The incidents of a gateway. */
export interface GatewayIncidents {
  readonly service: IncidentService;
  /** Takes the outbreaks of a fleet hub, and has the incidents of which limited accounts have a part. */
  readonly book: Pick<IncidentBook, 'entries' | 'known' | 'tell'>;
  /** Source of incidents for notifications. */
  readonly source: {
    /**
     * Returns all incidents that are not closed, and those that healed or were closed at `sinceMs` or later,
     * milliseconds since 1970.
     */
    recent(sinceMs: number): Promise<readonly Incident[]>;
    acknowledge(id: string, by: string): Promise<Incident>;
  };
  /** Adds a delivered notification or webhook to the timelines of the incidents around its time. */
  readonly delivered: (delivered: Delivered) => void;
  /** Returns everything of an incident as one file. Throws as the service does. */
  archive(id: string, maySeePeople: boolean): Promise<StreamSource>;
  /** Starts to follow faults, when the gateway serves its routes. */
  begin(): void;
  health(): RuntimeHealth;
  /** Stops following faults: the server closes. */
  stop(): void;
  /** Writes the latest changes to disk. */
  close(): Promise<void>;
}

/** Throws `SovdError` if the stored incidents cannot be read. */
export async function gatewayIncidents(sources: IncidentSources): Promise<GatewayIncidents> {
  const { config, model, observed, routes, database, clock, random, machineName, aheadOf, log } = sources;
  const { robot, parts, blocks_motion, max_faults } = config.incidents;
  const timeline = openTimeline({ database, clock, log });
  const onNews = (news: IncidentChanged): void => {
    timeline.heed(book.entries.all.slice(-LATEST));
    model.events.emit('incident.changed', news);
  };
  const book = await stored(() =>
    openIncidentBook({
      database,
      clock,
      log,
      robotOf: (origin) => (origin === LOCAL || parts.includes(origin) ? robot || machineName : origin),
      maxOccurrences: max_faults,
      onNews,
    }),
  );
  timeline.heed(book.entries.all.slice(-LATEST));
  const gathered = new Map<string, number>();
  const gatherPeople = async (entry: IncidentEntry): Promise<void> => {
    const { id } = entry.incident;
    const span = timelineSpan(entry);
    const nowMs = clock.wallMs();
    const toMs = Math.min(nowMs, span.toMs);
    const lastMs = gathered.get(id);
    if (lastMs !== undefined && toMs - lastMs < GATHERED_MS && lastMs !== Number.NEGATIVE_INFINITY) return;
    // Reads with some overlap: an audit record appears a moment after its event.
    const rows = await readUserActions(routes, clock, {
      fromMs: Math.max(span.fromMs, (lastMs ?? 0) - 2000),
      toMs: span.toMs,
    });
    await timeline.enter(rows);
    gathered.delete(id);
    gathered.set(id, toMs);
    if (gathered.size > MAX_GATHERED) gathered.delete(gathered.keys().next().value!);
  };
  const configuresBlocking = (): boolean =>
    blocks_motion.length > 0 || sources.configuresBlockingThreshold?.() === true;
  const service = incidentService({ book, timeline, gatherPeople, model, clock, random, configuresBlocking });
  const stops: (() => void)[] = [];
  let details: FaultDetails | undefined;

  return {
    service,
    book,
    source: {
      recent: async (sinceMs) =>
        book.entries.all.flatMap(({ incident }) => (isRecent(incident, sinceMs) ? [incident] : [])),
      acknowledge: async (id, by) => {
        const now = book.entries.byId.get(id)?.incident.id ?? id;
        await service.change(now, { acknowledged: true }, by);
        return service.entry(now).incident;
      },
    },
    delivered: ({ to, source }) => {
      const atMs = clock.wallMs();
      const text = `${source} notified ${to}`;
      timeline.add({
        key: `message ${atMs} ${text}`,
        atMs,
        row: { kind: 'message', event: 'delivered', text, item: to },
      });
    },
    archive: async (id, maySeePeople) => {
      const entry = service.entry(id);
      const { incidentArchive } = await import('./archive/incident-archive.ts');
      return incidentArchive({
        tree: model.tree,
        routes,
        entry,
        incident: service.get(id),
        timeline: await service.rows(id, maySeePeople),
        ...(maySeePeople && { audited: timelineSpan(entry) }),
        nowMs: clock.wallMs(),
      });
    },
    begin: () => {
      const reading = faultDetails({ book, routes, model, clock, log, addRow: timeline.add });
      details = reading;
      const reader = faultReader({ model, aheadOf, isBlocking: codeMatcher(blocks_motion) });
      stops.push(
        startFaultIntake({ model, observed, reader, book, routes, clock, log, onNew: reading.read }),
        () => reading.close(),
        recordTimelineEvents(model, clock, timeline.add),
      );
    },
    health: () => {
      const open = book.entries.all.filter(({ group }) =>
        group.members.some(({ occurrence }) => endOf(occurrence) === undefined),
      );
      return {
        warnings: overfullWarnings(book.overfull()),
        blocks: {
          'x-medkit-incidents': { incidents: book.entries.all.length, open: open.length },
          ...quotaBlock({
            open_faults_of_peers: book,
            timeline_lines: timeline,
            ...(details && { fault_details: details }),
          }),
        },
      };
    },
    stop: () => {
      for (const stop of stops.splice(0)) stop();
    },
    close: async () => {
      await Promise.all([book.close(), timeline.close()]).catch((error: unknown) =>
        log('error', `cannot write the latest changes of incidents to disk: ${errorMessage(error)}`),
      );
    },
  };
}

function overfullWarnings(origins: readonly Origin[]): RuntimeHealth['warnings'] {
  if (origins.length === 0) return [];
  const message = `${origins.join(', ')} has more open faults than this gateway groups into incidents: the remaining faults of each gateway form one incident. Find the cause of so many faults, or increase incidents.max_faults.`;
  return [{ code: 'incidents_left_out', message, peerNames: [...origins] }];
}

function isRecent({ state, healed_at, closed_at }: Incident, sinceMs: number): boolean {
  if (state !== 'closed' && healed_at == null) return true;
  return [healed_at, closed_at].some((time) => time != null && Date.parse(time) >= sinceMs);
}

/** Returns a function that matches fault codes; `*` stands for any characters. */
function codeMatcher(patterns: readonly string[]): (code: string) => boolean {
  if (patterns.length === 0) return () => false;
  const sources = patterns.map((pattern) => pattern.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*'));
  const expression = new RegExp(`^(?:${sources.join('|')})$`);
  return (code) => expression.test(code);
}
