/** Thrown if a reply is not a document of this API. */
export class InvalidReply extends Error {
  override readonly name = 'InvalidReply';
}

/** Item members that must be strings if present. */
const TEXTS = ['name', 'fault_code', 'message', 'href'] as const;

/**
 * Validates a reply, because other gateways may send anything and this gateway forwards it unchanged. Drops invalid
 * items and marks the list as partial. Throws `InvalidReply` if the reply is not an object or `items` is not an array.
 */
export function validateReply<Value>(reply: Value): Value {
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) throw new InvalidReply('no document');
  const { items, 'x-medkit': about } = reply as { readonly items?: unknown; readonly 'x-medkit'?: unknown };
  if (!('items' in reply)) return reply;
  if (!Array.isArray(items)) throw new InvalidReply('no list');
  if (items.every(isSound)) return reply;
  return { ...reply, items: items.filter(isSound), 'x-medkit': { ...Object(about), partial: true } };
}

function isSound(item: unknown): boolean {
  if (typeof item === 'string' || Array.isArray(item)) return true;
  if (typeof item !== 'object' || item === null) return false;
  const members = item as Readonly<Record<string, unknown>>;
  return TEXTS.every((name) => ['string', 'undefined'].includes(typeof (members[name] ?? undefined)));
}
