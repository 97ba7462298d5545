import { SAFETY_GATE } from './safety-gate.ts';

/** The octets 0 to 31. */
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);

/** Two messages with every octet specified, for writers in any language: a declaration and the following state. */
export const TEST_VECTOR = {
  key: KEY,
  session: 1_774_231_973_000_000n,
  declaration: SAFETY_GATE,
  /** The exact text in the message. */
  json: JSON.stringify(SAFETY_GATE),
  declarationTimeUs: 5_000_000n,
  stateTimeUs: 5_020_000n,
  ports: [0.5, 0.3125, 0.45],
  results: ['failed'],
  /** Header of the declaration, and the authentication code after its body, in hex. */
  declarationHeader: '4d4b494e0101010040f37f92a74d06000100000000000000404b4c0000000000',
  declarationMac: '9562017a0311ba8f3d84f9f5f26b9bff',
  /** The parts of the state message: header, counts, three ports, one fault, authentication code. */
  state: [
    '4d4b494e0102010040f37f92a74d0600020000000000000060994c0000000000',
    '0300010000000000',
    '000000000000e03f',
    '000000000000d43f',
    'cdccccccccccdc3f',
    '0200000001000000',
    'bd344830903108dc40fc3192ab9a63b5',
  ],
} as const;
