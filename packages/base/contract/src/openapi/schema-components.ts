export type JsonSchema = Readonly<Record<string, unknown>>;

/** Collects the named schemas that a document reaches, and refers to them instead of repeating them. */
export class SchemaComponents {
  readonly #published = new Map<string, JsonSchema>();

  /** The schema as the document shows it: a `$ref` where it has a name. */
  publish(schema: object): JsonSchema {
    const { $id: name, ...anonymous } = schema as JsonSchema;
    if (typeof name !== 'string') return this.#inner(anonymous);
    if (!this.#published.has(name)) this.#published.set(name, this.#inner(anonymous));
    return { $ref: `#/components/schemas/${name}` };
  }

  /** All of them by name, in alphabetical order. */
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
