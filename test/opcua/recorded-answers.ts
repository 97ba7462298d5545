import { ChunkReader } from '../../packages/wire/opcua/src/channel/uacp.ts';

/** Offsets in a chunk of a channel without security (OPC 10000-6, 6.7.2). */
export const SEQUENCE_AT = 16;
export const REQUEST_ID_AT = 20;
export const BODY_AT = 24;
/**
 * Offset of the type number of a body, after the prefix of its four-byte node id; and of the request handle in the
 * header of an answer.
 */
const TYPE_AT = BODY_AT + 2;
export const HANDLE_AT = BODY_AT + 4 + 8;

/** Returns the type number of a request. */
export const typeOf = (chunk: Buffer): number => (chunk.length >= TYPE_AT + 2 ? chunk.readUInt16LE(TYPE_AT) : 0);

/** Recorded answers of a real server, by the type of the request. */
export class RecordedAnswers {
  readonly byType = new Map<number, Buffer[]>();
  /** Answers to requests of the same type and length, which usually are the same request. */
  readonly byLength = new Map<string, Buffer[]>();
  /** Answers to OpenSecureChannel requests. */
  readonly opened: Buffer[] = [];
  acknowledge: Buffer | undefined;
  readonly #answers = new ChunkReader();
  readonly #requests = new Map<number, { readonly type: number; readonly length: number }>();

  request(octets: Buffer): void {
    for (const chunk of chunksOf(octets)) {
      if (kindOf(chunk) === 'MSG')
        this.#requests.set(chunk.readUInt32LE(REQUEST_ID_AT), { type: typeOf(chunk), length: chunk.length });
    }
  }

  answer(octets: Buffer): void {
    for (const chunk of this.#answers.take(octets)) {
      const copy = Buffer.from(chunk);
      if (kindOf(chunk) === 'ACK') this.acknowledge = copy;
      else if (kindOf(chunk) === 'OPN') this.opened.push(copy);
      else if (kindOf(chunk) === 'MSG') this.#keep(copy);
    }
  }

  #keep(chunk: Buffer): void {
    const request = this.#requests.get(chunk.readUInt32LE(REQUEST_ID_AT));
    if (request === undefined) return;
    this.byType.set(request.type, [...(this.byType.get(request.type) ?? []), chunk]);
    const key = `${request.type} ${request.length}`;
    this.byLength.set(key, [...(this.byLength.get(key) ?? []), chunk]);
  }

  /** Returns recorded answers that may match a request. */
  to(request: Buffer): readonly Buffer[] {
    const type = typeOf(request);
    return this.byLength.get(`${type} ${request.length}`) ?? this.byType.get(type) ?? [...this.byType.values()].flat();
  }
}

export const kindOf = (chunk: Buffer): string => chunk.toString('latin1', 0, 3);

/** Splits a stream into chunks. The client sends small, whole chunks; other data is ignored. */
export function* chunksOf(octets: Buffer): Generator<Buffer> {
  for (let rest = octets; rest.length >= 8; ) {
    const length = rest.readUInt32LE(4);
    if (length < 8 || length > rest.length) return;
    yield rest.subarray(0, length);
    rest = rest.subarray(length);
  }
}
