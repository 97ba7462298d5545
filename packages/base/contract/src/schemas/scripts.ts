import { anything, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

/** Links to a collection and to its parent. */
export const HateoasLinks = named(
  'HateoasLinks',
  Type.Object({ self: Type.String(), parent: optional(Type.String()) }),
);
export type HateoasLinks = Type.Static<typeof HateoasLinks>;

/** Characters to which the output of an execution can be truncated: about what a gateway stores of a stream. */
export const MAX_OUTPUT_CHARS = 1_048_576;

const sha256 = optional(Type.String({ description: 'SHA-256 of its content, hexadecimal.' }));

export const XMedkitScript = named(
  'XMedkitScript',
  Type.Object({
    sha256,
    timeout_sec: optional(Type.Integer({ description: 'Seconds after which an execution is ended.' })),
    language: optional(oneOf('sh', 'bash', 'python')),
    runner: optional(
      Type.String({ description: 'The runner of its next execution: `plain`, `bubblewrap`, or the name of a plugin.' }),
    ),
  }),
);
export type XMedkitScript = Type.Static<typeof XMedkitScript>;

export const ScriptMetadata = named(
  'ScriptMetadata',
  Type.Object({
    id: Type.String({ description: 'The name of the file without its extension.' }),
    name: Type.String(),
    description: optional(Type.String()),
    href: optional(Type.String()),
    managed: optional(Type.Boolean({ description: 'True if it comes from the manifest and cannot be deleted.' })),
    proximity_proof_required: optional(Type.Boolean()),
    parameters_schema: Type.Optional(
      anything({ description: 'JSON Schema of the parameters; invalid parameters are refused.' }),
    ),
    'x-medkit': optional(XMedkitScript),
  }),
);
export type ScriptMetadata = Type.Static<typeof ScriptMetadata>;

export const ScriptList = named(
  'ScriptList',
  Type.Object({ items: Type.Array(ScriptMetadata), _links: optional(HateoasLinks) }),
);
export type ScriptList = Type.Static<typeof ScriptList>;

/** The parts of an upload. */
export const ScriptUpload = Type.Object({
  file: Type.Unsafe<string>({
    type: 'string',
    format: 'binary',
    description: 'The script, sent as a file part: `.py` is run by python3, `.bash` by bash, anything else by sh.',
  }),
  metadata: Type.Optional(
    Type.String({
      description: 'A JSON object as text: `name`, `description`, and `parameters_schema`, a JSON Schema.',
    }),
  ),
});
export type ScriptUpload = Type.Static<typeof ScriptUpload>;

export const ScriptUploadResponse = named(
  'ScriptUploadResponse',
  Type.Object({ id: Type.String(), name: Type.String(), 'x-medkit': optional(XMedkitScript) }),
);
export type ScriptUploadResponse = Type.Static<typeof ScriptUploadResponse>;

export const ScriptStartRequest = Type.Object({
  execution_type: Type.String({ minLength: 1, maxLength: 64, description: '`now`.' }),
  parameters: Type.Optional(
    anything({
      description:
        'Passed as JSON on standard input, or as arguments if the manifest declares some; members also as `MEDKIT_PARAM_<NAME>`.',
    }),
  ),
  proximity_response: optional(Type.String({ maxLength: 4096 })),
});
export type ScriptStartRequest = Type.Static<typeof ScriptStartRequest>;

export const ScriptExecutionError = named(
  'ScriptExecutionError',
  Type.Object({
    message: Type.String({ description: 'Message of the script, or the action that was taken on it.' }),
    exit_code: optional(Type.Integer()),
    reason: optional(
      oneOf(
        ...(['exit-code', 'signal', 'timed-out', 'stopped', 'too-much-output'] as const),
        ...(['not-started', 'runner-lost', 'gateway-ended'] as const),
      ),
    ),
  }),
);
export type ScriptExecutionError = Type.Static<typeof ScriptExecutionError>;

export const XMedkitScriptExecution = named(
  'XMedkitScriptExecution',
  Type.Object({
    exit_code: optional(Type.Integer()),
    stdout: optional(Type.String({ description: 'The output so far, without progress lines.' })),
    stdout_truncated: optional(Type.Boolean({ description: 'True if the output was truncated.' })),
    stderr: optional(Type.String()),
    stderr_truncated: optional(Type.Boolean()),
    client_id: optional(Type.String({ description: 'Principal that started it.' })),
    sha256,
    runner: optional(Type.String({ description: 'The runner: `plain`, `bubblewrap`, or the name of a plugin.' })),
  }),
);
export type XMedkitScriptExecution = Type.Static<typeof XMedkitScriptExecution>;

const time = (what: string) => optional(Type.String({ description: `${what} ISO 8601, UTC, whole seconds.` }));

export const ScriptExecution = named(
  'ScriptExecution',
  Type.Object({
    id: Type.String({ description: '`exec_001`: the number of the execution of its script.' }),
    status: oneOf('prepared', 'running', 'completed', 'failed', 'terminated'),
    progress: optional(Type.Integer({ minimum: 0, maximum: 100, description: 'Percent, as the script reports.' })),
    started_at: time('When it began.'),
    completed_at: time('When it ended; null before.'),
    parameters: Type.Optional(
      anything({
        description: 'The result: the output if that is a JSON object or list, else `{stdout}`.',
      }),
    ),
    error: optional(ScriptExecutionError),
    'x-medkit': optional(XMedkitScriptExecution),
  }),
);
export type ScriptExecution = Type.Static<typeof ScriptExecution>;

export const ScriptExecutionList = named('ScriptExecutionList', Type.Object({ items: Type.Array(ScriptExecution) }));
export type ScriptExecutionList = Type.Static<typeof ScriptExecutionList>;

export const ScriptControlRequest = named(
  'ScriptControlRequest',
  Type.Object({
    action: Type.String({
      description: '`stop` asks it to end and kills it after two seconds; `forced_termination` kills it immediately.',
    }),
  }),
);
export type ScriptControlRequest = Type.Static<typeof ScriptControlRequest>;
