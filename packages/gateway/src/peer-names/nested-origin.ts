import { type JsonValue, LOCAL, type Origin } from '@medkit/core';

/** Names of gateways behind each other, such as `yard/crane`. */
const ORIGIN = /^[\w-]+(?:\/[\w-]+){0,7}$/;
const MAX_ORIGIN_LENGTH = 512;

/** Returns the local name of a gateway behind `peer`; `undefined` if the name is invalid. */
export function nestedOrigin(origin: JsonValue | undefined, peer: string): Origin | undefined {
  if (typeof origin !== 'string' || origin === LOCAL || origin.length > MAX_ORIGIN_LENGTH) return undefined;
  return ORIGIN.test(origin) ? `${peer}/${origin}` : undefined;
}
