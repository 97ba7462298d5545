import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProtocolVersion, TopicName } from '@medkit/vda5050';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const root = join(import.meta.dirname, '..', '..');
/** Default folder of the schemas unless `VDA5050_SCHEMAS` names one. It has a subfolder for each version. */
const BESIDE_THE_REPOSITORY = join(root, '..', 'shared', 'data', 'vda5050');
const OFFICIAL_VERSIONS = ['2.1.0', '3.0.0'] as const;
const SUFFIX = '.schema.json';

/** Some files of 3.0.0 are published with trailing commas. */
const withoutLastCommas = (json: string): string => json.replaceAll(/,(?=\s*[\]}])/g, '');

function foldersRoot(): string | undefined {
  const named = process.env['VDA5050_SCHEMAS'];
  if (named === undefined) return existsSync(BESIDE_THE_REPOSITORY) ? BESIDE_THE_REPOSITORY : undefined;
  const missing = OFFICIAL_VERSIONS.find((version) => !existsSync(join(named, version)));
  if (missing === undefined) return named;
  throw new Error(`VDA5050_SCHEMAS: there is no folder "${missing}" in ${named}`);
}

function validatorsIn(folder: string): ReadonlyMap<string, ValidateFunction> {
  // They contain custom keywords, such as `unit`. A number too large for a double is invalid.
  const ajv = new Ajv2020({ strictSchema: false, strictNumbers: true, validateFormats: true, logger: false });
  addFormats.default(ajv);
  return new Map(
    globSync(`*${SUFFIX}`, { cwd: folder }).map((file) => {
      // Some identify their dialect by an invalid address.
      const { $schema: _, ...schema } = JSON.parse(withoutLastCommas(readFileSync(join(folder, file), 'utf8')));
      return [basename(file, SUFFIX), ajv.compile(schema)];
    }),
  );
}

function readOfficialSchemas(): ReadonlyMap<ProtocolVersion, ReadonlyMap<string, ValidateFunction>> | undefined {
  const folders = foldersRoot();
  if (folders !== undefined) {
    return new Map(OFFICIAL_VERSIONS.map((version) => [version, validatorsIn(join(folders, version))]));
  }
  console.error('VDA5050_SCHEMAS names no folder: messages are not compared with the official schemas of VDA 5050');
  return undefined;
}

const validators = readOfficialSchemas();
/** Messages of 2.0.0 are validated with the schemas of 2.1.0, which allow the same and are available. */
const SCHEMAS_OF: Readonly<Record<ProtocolVersion, ProtocolVersion>> = {
  '2.0.0': '2.1.0',
  '2.1.0': '2.1.0',
  '3.0.0': '3.0.0',
};

/** Whether the official schemas of VDA 5050 are available. If not, nothing is validated. */
export const haveOfficialSchemas = validators !== undefined;

/**
 * Returns the problem that the official schema of a topic finds with a value; `undefined` if there is none, or no
 * schema is available.
 */
export function officialProblem(version: ProtocolVersion, topic: TopicName, value: unknown): string | undefined {
  if (validators === undefined) return undefined;
  const validate = validators.get(SCHEMAS_OF[version])?.get(topic);
  assert.ok(validate, `VDA 5050 ${version} has no schema of the topic ${topic}`);
  if (validate(value)) return undefined;
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
}

/** Fails if the text of a message violates the official schema of its topic. */
export function assertOfficial(version: ProtocolVersion, topic: TopicName, text: string): void {
  const problem = officialProblem(version, topic, JSON.parse(text));
  assert.equal(problem, undefined, `${topic} is not as VDA 5050 ${version} has it: ${problem}\n${text}`);
}
