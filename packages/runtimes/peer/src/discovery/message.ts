import { type Answer, decode, encode, type Packet } from 'dns-packet';

/**
 * Octets of a message that is read: as many as go into one packet of most networks, which is what responders keep to. RFC 6762, 17
 * has 9000, in which names that point at each other take 3 ms to read: some 15 times as long as in these.
 */
const MAX_MESSAGE_BYTES = 1500;
/** Questions and records of one together. */
const MAX_RECORDS = 128;
const HEADER_BYTES = 12;
const RESPONSE_FLAG = 0x8000;
/** Not an ordinary query, or a failure (RFC 6762, 18.3 and 18.11). */
const IGNORED_FLAGS = 0x780f;

/** A message of multicast DNS: a question, or an answer that nobody need have asked for. */
export interface Message {
  readonly isResponse: boolean;
  readonly questions: readonly Question[];
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
  readonly additionals: readonly Answer[];
}

export interface Question {
  readonly name: string;
  readonly type: 'PTR' | 'SRV' | 'TXT' | 'A' | 'ANY';
}

/** A message to be sent, with the parts that it has. */
export type OwnMessage = Partial<Omit<Message, 'isResponse'>>;

/** The octets of a question or, where there is nothing but answers, of an answer. */
export function messageBytes({ questions = [], answers = [], authorities = [], additionals = [] }: OwnMessage): Buffer {
  const type = questions.length > 0 ? 'query' : 'response';
  const parts = { questions, answers, authorities, additionals } as Packet;
  // An answer is always that of who has the record; its id is 0 (RFC 6762, 18.1 and 18.4).
  return encode({ ...parts, id: 0, type, flags: type === 'response' ? 0x0400 : 0 });
}

/** What somebody sent; `undefined` where it is no message, or one that is too large to be read. */
export function messageIn(bytes: Uint8Array): Message | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_MESSAGE_BYTES) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = buffer.readUInt16BE(2);
  const records = [4, 6, 8, 10].reduce((sum, at) => sum + buffer.readUInt16BE(at), 0);
  if ((flags & IGNORED_FLAGS) !== 0 || records > MAX_RECORDS) return undefined;
  try {
    const { questions = [], answers = [], authorities = [], additionals = [] } = decode(buffer);
    const isResponse = (flags & RESPONSE_FLAG) !== 0;
    return { isResponse, questions: questions as readonly Question[], answers, authorities, additionals };
  } catch {
    // The codec throws for whatever is malformed, by names and lengths that the sender chose.
    return undefined;
  }
}

/** Whether two names are one: letters of either case are the same (RFC 6762, 16). */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
