import { type Answer, decode, encode, type Packet } from 'dns-packet';

/**
 * Maximum bytes of a message that is parsed: one packet on most networks, which responders comply with. With the 9000
 * of RFC 6762, 17, names that refer to each other take 3 ms to parse, about 15 times as long.
 */
const MAX_MESSAGE_BYTES = 1500;
/** Maximum questions and records of a message together. */
const MAX_RECORDS = 128;
const HEADER_BYTES = 12;
const RESPONSE_FLAG = 0x8000;
/** Not an ordinary query, or a failure (RFC 6762, 18.3 and 18.11). */
const IGNORED_FLAGS = 0x780f;

/** A multicast DNS message: a question, or a solicited or unsolicited answer. */
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

/** A message to send. */
export type OutgoingMessage = Partial<Omit<Message, 'isResponse'>>;

/** Encodes a question or, if there are only answers, an answer. */
export function messageBytes({
  questions = [],
  answers = [],
  authorities = [],
  additionals = [],
}: OutgoingMessage): Buffer {
  const type = questions.length > 0 ? 'query' : 'response';
  const parts = { questions, answers, authorities, additionals } as Packet;
  // Answers are authoritative; their id is 0 (RFC 6762, 18.1 and 18.4).
  return encode({ ...parts, id: 0, type, flags: type === 'response' ? 0x0400 : 0 });
}

/** Parses a received message; `undefined` if it is invalid or too large. */
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
    // The codec throws for malformed messages.
    return undefined;
  }
}

/** Compares names case-insensitively (RFC 6762, 16). */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
