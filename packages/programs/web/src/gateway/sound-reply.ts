/** A reply that is no document of this API. */
export class UnsoundReply extends Error {
  override readonly name = 'UnsoundReply';
}

/** Members of items that are texts wherever there are any. */
const TEXTS = ['name', 'fault_code', 'message', 'href'] as const;

/**
 * A reply as pages can go through it: other gateways send what they like, and this one passes it on as it is. Items that are none are
 * left out, and the list is said to be not whole. Throws `UnsoundReply` for what is no document, or has no list in the place of one.
 */
export function soundReply<Value>(reply: Value): Value {
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) throw new UnsoundReply('no document');
  const { items, 'x-medkit': about } = reply as { readonly items?: unknown; readonly 'x-medkit'?: unknown };
  if (!('items' in reply)) return reply;
  if (!Array.isArray(items)) throw new UnsoundReply('no list');
  if (items.every(isSound)) return reply;
  return { ...reply, items: items.filter(isSound), 'x-medkit': { ...Object(about), partial: true } };
}

function isSound(item: unknown): boolean {
  if (typeof item === 'string' || Array.isArray(item)) return true;
  if (typeof item !== 'object' || item === null) return false;
  const members = item as Readonly<Record<string, unknown>>;
  return TEXTS.every((name) => ['string', 'undefined'].includes(typeof (members[name] ?? undefined)));
}
