import { LONG, MARKUP, SCRIPT_LINK, SHORT_MARKUP, TURNED } from './texts.ts';

/** Nesting of schemas: each is two levels of a document, and the gateway reads 128. */
const DEPTH = 50;
const PROPERTIES = 10_000;
const CHOICES = 100_000;

function nested(levels: number): string {
  const one = `{"type":"object","title":${JSON.stringify(MARKUP)},"properties":{"a":`;
  return `${one.repeat(levels)}{"type":"string"}${'}}'.repeat(levels)}`;
}

/** A field of each kind with hostile texts for a form, and values that could crash its tab. */
const FIELDS = {
  markup: { type: 'string', title: MARKUP, description: MARKUP, default: MARKUP },
  [SHORT_MARKUP]: { type: 'number', description: SCRIPT_LINK, minimum: 10, maximum: -10, multipleOf: 0 },
  [TURNED]: { type: 'string', description: TURNED },
  prototype: { type: 'string', description: 'of every object' },
  constructor: { type: 'object', properties: { prototype: { type: 'string' } } },
  pattern: { type: 'string', pattern: '^(([a-z])+.)+[A-Z]([a-z])+$', description: 'a'.repeat(50) },
  elsewhere: { $ref: 'http://evil.example/schema.json' },
  cyclic: { $ref: '#' },
  choices: { enum: Array.from({ length: CHOICES }, (_, at) => `choice ${at}`) },
  marked: { enum: [MARKUP, SCRIPT_LINK, TURNED, LONG.slice(0, 5000)] },
  long: { type: 'string', description: LONG, maxLength: -1 },
  list: { type: 'array', minItems: 1e9, items: { type: 'object', properties: { onerror: { type: 'string' } } } },
  wrong: { type: ['object', 'null'], properties: 7, enum: 'x', minimum: 'NaN' },
} as const;

/** Schemas by their defect, as the texts that a gateway sends. */
export const SCHEMAS: Readonly<Record<string, string>> = {
  marked: JSON.stringify({ type: 'object', title: MARKUP, description: MARKUP, properties: FIELDS }),
  deep: nested(DEPTH),
  wide: JSON.stringify({
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: PROPERTIES }, (_, at) => [`p${at}`, { type: 'number' }])),
  }),
  wrong: '[null,{"type":{}}]',
};
