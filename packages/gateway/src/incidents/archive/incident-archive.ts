import type { FaultDetailResult, IncidentDetail, TimelineRow } from '@medkit/contract';
import { type EntityTree, errorMessage, stringifyJson } from '@medkit/core';
import { type IncidentEntry, measurementsOf, type Occurrence, type TimelineSpan } from '@medkit/incidents';
import { makeZip, predictLength } from 'client-zip';
import type { StreamSource } from '../../http/stream-reply.ts';
import { type RouteReader, unlessRefused } from '../../route-reader.ts';
import { readFault } from '../fault-details.ts';
import { auditPages } from '../user-actions.ts';
import { frameTables } from './frame-csv.ts';
import { incidentReport } from './incident-report.ts';

export interface ArchiveSources {
  readonly tree: EntityTree;
  readonly routes: RouteReader;
  readonly entry: IncidentEntry;
  readonly incident: IncidentDetail;
  /** All rows that the client may see. */
  readonly timeline: readonly TimelineRow[];
  /** Time span of its audit records; absent if the client may not read the audit log. */
  readonly audited?: TimelineSpan;
  /** Wall clock, milliseconds. */
  readonly nowMs: number;
}

interface Part {
  readonly name: string;
  readonly size: number;
  readonly octets: string | (() => AsyncIterable<Uint8Array>);
}

/** Records per page of the audit log. */
const PAGE = 500;
const MAX_PAGES = 20;

/**
 * Returns everything of an incident as one file: recordings are read while it is sent, the rest before. Lists what is
 * not available.
 */
export async function incidentArchive(sources: ArchiveSources): Promise<StreamSource> {
  const { entry, incident, timeline, nowMs } = sources;
  const missing: string[] = [];
  const parts: Part[] = [text('incident.json', json(incident)), text('timeline.ndjson', lines(timeline.map(json)))];
  const details = await faultsOf(sources, missing);
  for (const { occurrence, detail } of details) {
    parts.push(text(`faults/${fileName(occurrence)}.json`, json(detail)));
    for (const { name, csv } of frameTables(fileName(occurrence), detail)) parts.push(text(`frames/${name}.csv`, csv));
  }
  parts.push(...(await recordingsOf(sources, missing)), ...(await auditOf(sources, missing)));
  const logs = timeline.filter(({ kind }) => kind === 'log');
  parts.push(
    text('logs.txt', lines(logs.map(({ at, event, item, text: line }) => `${at} ${event} ${item ?? ''} ${line}`))),
  );
  const health = await unlessRefused(sources.routes.read('getHealth'));
  if (health) parts.push(text('health.json', json(health)));
  const measured = details.flatMap(({ occurrence, detail }) => measurementsOf(detail, occurrence.number));
  const report = incidentReport({ incident, timeline, measured: measured.slice(0, 4), missing, madeMs: nowMs });
  parts.push(text('report.html', report));
  if (missing.length > 0) parts.push(text('missing.txt', lines(missing)));
  return zipOf(`${incident.id.replaceAll(/[^\w.-]/g, '_')}.zip`, parts, entry.beganMs);
}

async function faultsOf({ tree, routes, entry }: ArchiveSources, missing: string[]) {
  const last = new Map<string, Occurrence>();
  for (const { occurrence } of entry.group.members) last.set(fileName(occurrence), occurrence);
  const found: { readonly occurrence: Occurrence; readonly detail: FaultDetailResult }[] = [];
  for (const occurrence of last.values()) {
    const detail = await readFault(routes, tree, occurrence);
    if (detail) found.push({ occurrence, detail });
    else missing.push(`faults/${fileName(occurrence)}.json: no gateway with this fault answers`);
  }
  return found;
}

async function recordingsOf({ incident, routes }: ArchiveSources, missing: string[]): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const { id, href, format, origin } of incident.recordings) {
    const name = `recordings/${origin ? `${origin}.` : ''}${id}.${format === 'sqlite3' ? 'db3' : (format ?? 'bag')}`;
    try {
      const file = await routes.file(href);
      if (file) parts.push({ name, size: file.size, octets: file.read });
      else missing.push(`${name}: it was removed, or no gateway with this recording answers`);
    } catch (error) {
      missing.push(`${name}: ${errorMessage(error)}`);
    }
  }
  return parts;
}

async function auditOf({ routes, audited, nowMs }: ArchiveSources, missing: string[]): Promise<readonly Part[]> {
  if (!audited) return [];
  const span = { ...audited, toMs: Math.min(audited.toMs, nowMs) };
  const records: string[] = [];
  for await (const page of auditPages(routes, span, { limit: PAGE, maxPages: MAX_PAGES })) {
    if (!page) {
      missing.push('audit.ndjson: the audit log cannot be read');
      return [];
    }
    records.push(...page.map(json));
  }
  return [text('audit.ndjson', lines(records.toReversed()))];
}

function zipOf(name: string, parts: readonly Part[], beganMs: number): StreamSource {
  const files = parts.map((part) => ({ ...part, lastModified: new Date(Math.round(beganMs)) }));
  return {
    name,
    mimetype: 'application/zip',
    size: Number(predictLength(files.map(({ name: path, size }) => ({ name: path, size })))),
    read: () =>
      makeZip(
        files.map(({ name: path, size, octets, lastModified }) =>
          typeof octets === 'string'
            ? { name: path, lastModified, input: octets }
            : { name: path, lastModified, size, input: octets() },
        ),
      ),
  };
}

function fileName({ origin, code }: Occurrence): string {
  return `${origin === 'local' ? '' : `${origin}.`}${code}`.replaceAll(/[^\w.-]/g, '_');
}

const json = (value: object): string => stringifyJson(value);
const lines = (all: readonly string[]): string => all.map((line) => `${line.replaceAll(/[\r\n]+/g, ' ')}\n`).join('');

function text(name: string, octets: string): Part {
  return { name, size: Buffer.byteLength(octets), octets };
}
