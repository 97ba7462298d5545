const TYPE_HASH = /(?:^|;)typehash=(RIHS01_[\da-f]{64})(?:;|$)/;
const NO_TYPE_HASH = `RIHS01_${'0'.repeat(64)}`;
const latin1 = new TextDecoder('latin1');
const utf8 = new TextEncoder();

/**
 * Returns the type hash in an endpoint's USER_DATA (`typehash=RIHS01_…;`), which all distributions since Iron announce.
 */
export function typeHashIn(userData: Uint8Array): string | undefined {
  const hash = TYPE_HASH.exec(latin1.decode(userData))?.[1];
  return hash === NO_TYPE_HASH ? undefined : hash;
}

/**
 * Returns the USER_DATA of an endpoint, with further `members` (`clientid=…;`) first. Without the hash, rmw_cyclonedds
 * on the robot logs a warning for every medkit endpoint.
 */
export function endpointUserData(typeHash: string | undefined, members = ''): Uint8Array {
  return utf8.encode(typeHash === undefined ? members : `${members}typehash=${typeHash};`);
}

/** USER_DATA of a participant: its SROS2 enclave, the root enclave as in every unsecured graph. */
export const PARTICIPANT_USER_DATA = utf8.encode('enclave=/;');
