import { FleetInvalid } from '../fleet-refused.ts';

/** The last item of a page: the number by which the list is sorted, and the name or names that follow. */
export interface PagePlace {
  readonly place: number;
  readonly name: string;
}

/** Encodes the end of a page as the cursor of the next one. */
export const encodePlace = ({ place, name }: PagePlace): string =>
  Buffer.from(JSON.stringify([place, name])).toString('base64url');

/** Decodes a cursor. Throws `FleetInvalid`. */
export function decodePlace(cursor: string): PagePlace {
  try {
    const [place, name] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof place === 'number' && typeof name === 'string') return { place, name };
  } catch {
    // Reported below.
  }
  throw new FleetInvalid('The cursor is not one of this list: use `next_cursor` of the previous page');
}
