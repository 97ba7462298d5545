const TYPE_HASH = /(?:^|;)typehash=(RIHS01_[\da-f]{64})(?:;|$)/;
const NO_TYPE_HASH = `RIHS01_${'0'.repeat(64)}`;
const latin1 = new TextDecoder('latin1');
const utf8 = new TextEncoder();

/** The type hash that an endpoint announces in its USER_DATA (`typehash=RIHS01_…;`), as all do since Iron. */
export function typeHashIn(userData: Uint8Array): string | undefined {
  const hash = TYPE_HASH.exec(latin1.decode(userData))?.[1];
  return hash === NO_TYPE_HASH ? undefined : hash;
}

/**
 * USER_DATA of an endpoint, with other members (`clientid=…;`) in front where it has some. Without the hash rmw_cyclonedds
 * warns on the robot about every endpoint of ours.
 */
export function endpointUserData(typeHash: string | undefined, members = ''): Uint8Array {
  return utf8.encode(typeHash === undefined ? members : `${members}typehash=${typeHash};`);
}

/** USER_DATA of a participant: its SROS2 enclave, the root one as in every unsecured graph. */
export const PARTICIPANT_USER_DATA = utf8.encode('enclave=/;');
