import Type from 'typebox';

export const LokiOptions = Type.Object(
  {
    url: Type.String({ description: 'Address of Loki, such as `http://loki:3100`' }),
    headers: Type.Array(Type.String({ pattern: "^[\\w!#$%&'*+.^`|~-]+:" }), {
      default: [],
      description: 'Headers of every request, as `Name: value`',
    }),
    robot: Type.String({
      default: '',
      description: 'Label `robot` of the entries; default: the name of this machine, as `logs.sinks.loki` sets it',
    }),
    hours: Type.Integer({ default: 24, minimum: 1, maximum: 720, description: 'Hours before now that are searched' }),
    max_entries: Type.Integer({
      default: 5000,
      minimum: 1,
      maximum: 10_000,
      description: 'Maximum entries of one answer; at most `max_entries_limit_per_query` of Loki',
    }),
    settle_ms: Type.Integer({
      default: 2000,
      minimum: 0,
      maximum: 60_000,
      description:
        'Minimum age of an entry before followers receive it: entries arrive at Loki in batches, not in order',
    }),
  },
  { additionalProperties: false },
);
export type LokiOptions = Type.Static<typeof LokiOptions>;

/** Parses the headers in the options. */
export function headersOf({ headers }: LokiOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers.map((header) => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon), header.slice(colon + 1).trim()];
    }),
  );
}
