import type { RefusalCode, UplinkEnd } from '@medkit/tunnel';

/** The end of an attempt or a session for the user. */
export interface EndText {
  /** Such as `revoked`, `other-hub` or `lost`. */
  readonly code: string;
  /** What happened and why, one sentence without a full stop. */
  readonly text: string;
  /** What to do; absent if the robot only has to wait. */
  readonly remedy?: string;
  /** Only a person can end it: the robot tries once a day. */
  readonly needsPerson: boolean;
}

const ENROL_AGAIN = 'create a new invitation on the hub, and run `medkit enrol <link>` on the robot';

const REMEDIES: Readonly<Partial<Record<RefusalCode, string>>> = {
  pending: 'approve the robot on the hub',
  revoked: `if the robot is to be used again, ${ENROL_AGAIN}`,
  cloned:
    'find the other machine with a copy of this disk, and settle on the hub which one keeps the identity; a restored backup looks the same',
  unknown: ENROL_AGAIN,
  'too-old': 'update medkit on this robot',
  'too-new': 'update medkit on the hub',
  malformed: 'update medkit on the robot and on the hub',
};

/** Returns the text of an end, with a remedy if a person can do something. The hub's texts become one line. */
export function endText(ended: UplinkEnd): EndText {
  const end = { ...ended, reason: ended.reason.replaceAll(/\p{Cc}+/gu, ' ') };
  switch (end.kind) {
    case 'refused': {
      const remedy = REMEDIES[end.code];
      const text = `the fleet hub refuses this robot (${end.code}): ${end.reason}`;
      const needsPerson = end.code !== 'too-many' && end.code !== 'pending';
      return { code: end.code, text, ...(remedy !== undefined && { remedy }), needsPerson };
    }
    case 'protocol': {
      const isOther = end.code === 'other-hub';
      const text = isOther
        ? `another hub answers at the address of the fleet hub, and received nothing: ${end.reason}`
        : `the connection to the fleet hub failed (${end.code}): ${end.reason}`;
      const remedy = 'check `hub.url`, DNS and proxies; if the hub has a new key, enrol this robot again';
      return { code: end.code, text, ...(isOther && { remedy }), needsPerson: isOther };
    }
    case 'busy':
      return { code: 'busy', text: `the fleet hub is busy: ${end.reason}`, needsPerson: false };
    case 'stopped':
      return { code: 'stopped', text: `the fleet hub ended the connection: ${end.reason}`, needsPerson: false };
    case 'rotated':
      return { code: 'rotated', text: end.reason, needsPerson: false };
    case 'closed':
      return { code: 'closed', text: end.reason, needsPerson: false };
    case 'lost':
      return { code: 'lost', text: `the connection to the fleet hub is lost: ${end.reason}`, needsPerson: false };
  }
}
