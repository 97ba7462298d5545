import { type EntityRef, resourceUri } from '@medkit/client';
import type { BulkDataDescriptor } from '@medkit/contract';
import { fileName } from '../recordings/file-name.ts';

/** Categories that the gateway fills with evidence of faults; files of the others are uploaded. */
export const RECORDINGS = 'rosbags';
export const SNAPSHOTS = 'snapshots';

/** A file of the robot as a row of the table. */
export interface FileRow {
  readonly file: BulkDataDescriptor;
  readonly category: string;
  /** The entity whose list has the file. */
  readonly scope: EntityRef;
  readonly href: string;
  readonly faultCodes: readonly string[];
  /** Length of a recording. */
  readonly durationMs: number | undefined;
  /** `mcap` or `sqlite3`, of a recording. */
  readonly format: string | undefined;
  /** Files of a recording that is split; empty if it has one file. */
  readonly parts: readonly { readonly id: string; readonly size: number; readonly href: string }[];
}

/** Returns the path of a file in the API. */
export function fileHref(scope: EntityRef, category: string, id: string): string {
  return resourceUri(scope, ['bulk-data', category, id].map(segment).join('/'));
}

/** Encodes a name; `encodeURIComponent` throws on lone surrogates. */
const segment = (name: string): string => encodeURIComponent(name.toWellFormed());

/** Returns a file as a row. Members of `x-medkit` come from other gateways and uploads, so each is validated. */
export function fileRow(scope: EntityRef, category: string, file: BulkDataDescriptor): FileRow {
  const { fault_codes, duration_sec, format, files } = Object(file['x-medkit']) as Readonly<Record<string, unknown>>;
  const isEvidence = category === RECORDINGS || category === SNAPSHOTS;
  const parts: readonly unknown[] = Array.isArray(files) ? files : [];
  return {
    file,
    category,
    scope,
    href: fileHref(scope, category, file.id),
    faultCodes: faultCodesOf(fault_codes, category, file, isEvidence),
    durationMs: typeof duration_sec === 'number' ? duration_sec * 1000 : undefined,
    format: isEvidence && typeof format === 'string' ? format : undefined,
    parts: parts.flatMap((part) => {
      const { id, size } = Object(part) as Readonly<Record<string, unknown>>;
      if (typeof id !== 'string' || typeof size !== 'number') return [];
      return [{ id, size, href: fileHref(scope, category, id) }];
    }),
  };
}

function faultCodesOf(codes: unknown, category: string, { id }: BulkDataDescriptor, isEvidence: boolean) {
  if (!isEvidence) return [];
  if (Array.isArray(codes)) return codes.filter((code): code is string => typeof code === 'string');
  // The id of a document with freeze frames is the code of its fault.
  return category === SNAPSHOTS ? [id] : [];
}

/** Returns the rows of several lists without duplicates, newest first: a recording may be in several lists. */
export function mergedRows(rows: readonly FileRow[]): readonly FileRow[] {
  const found = new Map<string, FileRow>();
  for (const row of rows) {
    const key = `${row.file.id} ${row.file.creation_date} ${row.file.size}`;
    if (!found.has(key)) found.set(key, row);
  }
  return [...found.values()].toSorted((one, other) => (one.file.creation_date < other.file.creation_date ? 1 : -1));
}

/** Returns the rows in which a name, description or fault code contains the text. */
export function foundRows(rows: readonly FileRow[], text: string): readonly FileRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter(({ file, faultCodes }) =>
    [file.name, file.description ?? '', ...faultCodes].some((part) => part.toLowerCase().includes(wanted)),
  );
}

/** Returns the name under which the browser saves a file, without characters that a file system may refuse. */
export function savedName({ file, category, href, format }: FileRow): string {
  if (category === RECORDINGS) return fileName(href, format);
  const name = file.name.replaceAll(/[^\w.-]+/g, '_').slice(0, 120) || 'file';
  return category === SNAPSHOTS && !name.endsWith('.json') ? `${name}.json` : name;
}
