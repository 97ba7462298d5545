import type { BulkDataDescriptor } from '@medkit/contract';

/** What is kept of an uploaded file beside it, in `descriptor.json`. */
export interface StoredItem {
  readonly id: string;
  /** Name of the file, also on disk. */
  readonly name: string;
  readonly mimetype: string;
  /** Octets. */
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly creation_date: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Who uploaded it, for its share of the room; absent if only the room bounds it. */
  readonly owner?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const ITEM_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Whether a client's text can be the id of an item: only then does it come near a path. */
export function isItemId(id: string): boolean {
  return ITEM_ID.test(id);
}

/** `<category>_<nanoseconds>_<8 hex digits>`: sorts by time within a category. */
export function itemId(category: string, wallNs: bigint, random: Uint8Array): string {
  return `${category}_${wallNs}_${Buffer.from(random).toString('hex')}`;
}

/** What is left of a client's file name: its last segment without what a file system or a header could trip over. */
export function safeFileName(name: string | undefined): string {
  const last = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go.
  const printable = last.replaceAll(/[\u0000-\u001f\u007f"]/g, '_').slice(0, MAX_NAME_LENGTH);
  return /^\.*$/.test(printable) || printable === DESCRIPTOR ? 'upload' : printable;
}

/** A file name may have 255 octets on most file systems; a character up to three. */
const MAX_NAME_LENGTH = 80;

/** Name of the file that describes an item, in the item's folder. */
export const DESCRIPTOR = 'descriptor.json';

/** The item as clients see it. */
export function descriptorOf({
  id,
  name,
  mimetype,
  size,
  creation_date,
  description,
  metadata,
}: StoredItem): BulkDataDescriptor {
  return {
    id,
    name,
    mimetype,
    size,
    creation_date,
    ...(description !== undefined && { description }),
    ...(metadata && Object.keys(metadata).length > 0 && { 'x-medkit': metadata }),
    content_type: mimetype,
    created_at: creation_date,
  };
}
