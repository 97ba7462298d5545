import type { BulkDataDescriptor } from '@medkit/contract';

/** Metadata of an uploaded file, stored next to it in `descriptor.json`. */
export interface StoredItem {
  readonly id: string;
  /** Name of the file, also on disk. */
  readonly name: string;
  readonly mimetype: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly creation_date: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** The client that uploaded the file, for its share of the quota; absent if only the total is bounded. */
  readonly owner?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const ITEM_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Returns whether a client's text is a valid item id. Only valid ids are used in paths. */
export function isItemId(id: string): boolean {
  return ITEM_ID.test(id);
}

/** `<category>_<nanoseconds>_<8 hex digits>`: sorts by time within a category. */
export function itemId(category: string, wallNs: bigint, random: Uint8Array): string {
  return `${category}_${wallNs}_${Buffer.from(random).toString('hex')}`;
}

/**
 * Returns a safe name for a client's file: the last path segment, without characters that break file systems or
 * headers.
 */
export function safeFileName(name: string | undefined): string {
  const last = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go.
  const printable = last.replaceAll(/[\u0000-\u001f\u007f"]/g, '_').slice(0, MAX_NAME_LENGTH);
  return /^\.*$/.test(printable) || printable === DESCRIPTOR ? 'upload' : printable;
}

/** Most file systems allow 255 bytes; a character takes up to three. */
const MAX_NAME_LENGTH = 80;

/** Name of the descriptor file in the item's folder. */
export const DESCRIPTOR = 'descriptor.json';

/** Converts the item to the form that the API returns. */
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
