import { ChunkReader } from '../../packages/plugins/opcua/src/session/uacp.ts';

/** Where the parts of a chunk of a channel without security are (OPC 10000-6, 6.7.2). */
export const SEQUENCE_AT = 16;
export const REQUEST_ID_AT = 20;
export const BODY_AT = 24;
/** The number of the type of a body, which has a node id of four octets in front; and the handle in the header of an answer. */
const TYPE_AT = BODY_AT + 2;
export const HANDLE_AT = BODY_AT + 4 + 8;

/** Which request a chunk is: the number of its type. */
export const typeOf = (chunk: Buffer): number => (chunk.length >= TYPE_AT + 2 ? chunk.readUInt16LE(TYPE_AT) : 0);

/** What a real server answered, by the type of what it was asked for. */
export class RecordedAnswers {
  readonly byType = new Map<number, Buffer[]>();
  /** Those to requests of the same type and length, which mostly are the same. */
  readonly byLength = new Map<string, Buffer[]>();
  /** To the request for a channel. */
  readonly opened: Buffer[] = [];
  acknowledge: Buffer | undefined;
  readonly #answers = new ChunkReader();
  readonly #asked = new Map<number, { readonly type: number; readonly length: number }>();

  request(octets: Buffer): void {
    for (const chunk of chunksOf(octets)) {
      if (kindOf(chunk) === 'MSG')
        this.#asked.set(chunk.readUInt32LE(REQUEST_ID_AT), { type: typeOf(chunk), length: chunk.length });
    }
  }

  answer(octets: Buffer): void {
    for (const chunk of this.#answers.take(octets)) {
      const kept = Buffer.from(chunk);
      if (kindOf(chunk) === 'ACK') this.acknowledge = kept;
      else if (kindOf(chunk) === 'OPN') this.opened.push(kept);
      else if (kindOf(chunk) === 'MSG') this.#keep(kept);
    }
  }

  #keep(chunk: Buffer): void {
    const asked = this.#asked.get(chunk.readUInt32LE(REQUEST_ID_AT));
    if (asked === undefined) return;
    this.byType.set(asked.type, [...(this.byType.get(asked.type) ?? []), chunk]);
    const key = `${asked.type} ${asked.length}`;
    this.byLength.set(key, [...(this.byLength.get(key) ?? []), chunk]);
  }

  /** What may have been answered to a request. */
  to(request: Buffer): readonly Buffer[] {
    const type = typeOf(request);
    return this.byLength.get(`${type} ${request.length}`) ?? this.byType.get(type) ?? [...this.byType.values()].flat();
  }
}

export const kindOf = (chunk: Buffer): string => chunk.toString('latin1', 0, 3);

/** The client sends whole chunks that are small; what is none is left alone. */
export function* chunksOf(octets: Buffer): Generator<Buffer> {
  for (let rest = octets; rest.length >= 8; ) {
    const length = rest.readUInt32LE(4);
    if (length < 8 || length > rest.length) return;
    yield rest.subarray(0, length);
    rest = rest.subarray(length);
  }
}
