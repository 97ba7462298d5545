export type JsonSchema = Readonly<Record<string, unknown>>;

/** Collects the named schemas that a document references and replaces each use with a `$ref`. */
export class SchemaComponents {
  readonly #published = new Map<string, JsonSchema>();

  /** Returns the schema as the document shows it: a `$ref` if it has a name. */
  publish(schema: object): JsonSchema {
    const { $id: name, ...anonymous } = schema as JsonSchema;
    if (typeof name !== 'string') return this.#inner(anonymous);
    if (!this.#published.has(name)) this.#published.set(name, this.#inner(anonymous));
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Returns all collected schemas by name, in alphabetical order. */
  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#published].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #inner(schema: JsonSchema): JsonSchema {
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, this.#value(value)]));
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    return typeof value === 'object' && value !== null ? this.publish(value) : value;
  }
}
