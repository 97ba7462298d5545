import { UnknownType } from '../errors.ts';
import { messageSchema } from '../json/schema.ts';
import { definitionText } from '../types/definition-text.ts';
import type { JsonObject, JsonValue, RosMessage, TypeDescription } from '../types/message.ts';
import type { KnownType } from '../types/type-store.ts';
import { compileCodec, type MessageCodec } from './message-codec.ts';

interface Dependencies {
  /** Returns the definition that the graph currently uses. Returns the same object until it changes. */
  readonly find: (type: string) => Promise<KnownType | undefined>;
}

/** Caches codecs and descriptions by type name. */
export class TypeSupport {
  readonly #deps: Dependencies;
  readonly #codecs = new WeakMap<KnownType, MessageCodec>();
  readonly #descriptions = new WeakMap<KnownType, TypeDescription>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  find(type: string): Promise<KnownType | undefined> {
    return this.#deps.find(type);
  }

  async codec(type: string): Promise<MessageCodec | undefined> {
    const known = await this.find(type);
    return known && this.#codecOf(known);
  }

  async describe(type: string): Promise<TypeDescription | undefined> {
    const known = await this.find(type);
    if (!known) return undefined;
    const description = this.#descriptions.get(known) ?? this.#describe(known);
    this.#descriptions.set(known, description);
    return description;
  }

  async decode(type: string, cdr: Uint8Array): Promise<JsonValue | undefined> {
    const codec = await this.codec(type);
    return codec?.toJson(codec.decode(cdr));
  }

  async encode(type: string, json: JsonValue): Promise<Uint8Array> {
    const codec = await this.codec(type);
    if (!codec) throw new UnknownType(`medkit has no definition of ${type}`);
    return codec.encode(json);
  }

  async toJson(type: string, message: RosMessage): Promise<JsonObject | undefined> {
    const codec = await this.codec(type);
    return codec?.toJson(message);
  }

  #codecOf(known: KnownType): MessageCodec {
    const codec = this.#codecs.get(known) ?? compileCodec(known.type);
    this.#codecs.set(known, codec);
    return codec;
  }

  #describe(known: KnownType): TypeDescription {
    const codec = this.#codecOf(known);
    return {
      name: known.type.name,
      hash: known.hash,
      definition: definitionText(known.type),
      schema: messageSchema(known.type),
      defaultValue: codec.toJson(codec.decode(codec.encode({}))),
      source: known.source,
    };
  }
}
