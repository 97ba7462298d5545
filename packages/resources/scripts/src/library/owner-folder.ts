import { SovdError } from '@medkit/contract';

/** Entities as this package names them: `apps/lidar_driver`, which is also where their scripts are. */
const OWNER = /^(?:apps|components)\/[A-Za-z0-9_-]{1,255}$/;

/** The owner as a folder. Throws for a text that is none: it must not come near a path. */
export function ownerFolder(owner: string): string {
  if (OWNER.test(owner)) return owner;
  const message = `"${owner.slice(0, 64)}" cannot have scripts`;
  throw new SovdError({ code: 'invalid-parameter', message });
}
