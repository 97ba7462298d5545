import type { Clock } from '@medkit/edges';
import { endFrom, type Identity, type Welcome } from '@medkit/tunnel';
import type { UplinkFolder } from '@medkit/uplink';

/** Shortest time between two new keys: a hub that requests them continuously does not wear out the disk. */
const MIN_ROTATION_MS = 60_000;

/**
 * Returns the function that decides during a handshake with which key the robot connects from now on; it returns
 * `undefined` if the key of this connection stays. After each step the hub accepts one of the keys in the folder.
 * @param noteKeys notes the present keys, which the log belongs to
 */
export function keyRotation(
  folder: Pick<UplinkFolder, 'identities' | 'removeOldKey' | 'rotateIdentity'>,
  clock: Pick<Clock, 'monotonicMs'>,
  noteKeys: () => Promise<void>,
): (used: Identity, welcome: Pick<Welcome, 'at_ms' | 'rotate'>) => Promise<string | undefined> {
  let rotatedMs = Number.NEGATIVE_INFINITY;
  return async ({ fingerprint }, { at_ms: atMs, rotate }) => {
    const [current, previous] = await folder.identities();
    // The hub does not know the present key: a rotation was interrupted, or the hub is an older copy.
    if (current && current.fingerprint !== fingerprint) return current.fingerprint;
    if (previous) {
      // Before the previous key is removed: the log must belong to one of the keys in the folder.
      await noteKeys();
      await folder.removeOldKey(atMs);
    }
    if (!rotate || clock.monotonicMs() - rotatedMs < MIN_ROTATION_MS) return undefined;
    rotatedMs = clock.monotonicMs();
    return (await folder.rotateIdentity(atMs)).fingerprint;
  };
}

/**
 * Connects with the first key; with the second one if the hub does not know the first: a rotation was interrupted, or the
 * hub is an older copy.
 */
export async function withEitherKey<T>(
  [current, previous]: readonly Identity[],
  connect: (identity: Identity) => Promise<T>,
): Promise<T> {
  try {
    return await connect(current!);
  } catch (error) {
    const end = endFrom(error);
    if (!previous || end.kind !== 'refused' || end.code !== 'unknown') throw error;
    return connect(previous);
  }
}
