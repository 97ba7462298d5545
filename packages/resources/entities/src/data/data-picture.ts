import { DATA_PICTURE, SovdError } from '@medkit/contract';

const { min, usual, max } = DATA_PICTURE.width;

/** Parses the maximum width of a picture. Throws `invalid-parameter`. */
export function parsePictureWidth(text: string | undefined): number {
  if (text === undefined) return usual;
  const width = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (width >= min && width <= max) return width;
  throw new SovdError({
    code: 'invalid-parameter',
    message: `width must be a whole number from ${min} to ${max}`,
    parameters: { parameter: 'width', value: text },
  });
}

/** Error for an item of a runtime that has no images. */
export function noImage(itemId: string): SovdError {
  const message = `The values of ${itemId} are not images`;
  return new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { data_id: itemId } });
}
