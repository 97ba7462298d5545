import type { Protocol } from '@medkit/vda5050';
import { entityPath } from '../entity-path.ts';
import type { ReportedFault } from '../faults/reported-fault.ts';
import { applyRules, type Recipient, type RuleResult } from '../rules/apply-rules.ts';
import type { Rule } from '../rules/rule.ts';
import { encodeErrors } from '../state/encode-errors.ts';

/** What the agent reports for a fault, and why. */
export interface Explanation {
  readonly fault: string;
  readonly entity?: string;
  readonly origin: string;
  readonly status: string;
  readonly sends: 'error' | 'information' | 'nothing';
  /** Reasons as sentences, in the order of the decision. */
  readonly why: readonly string[];
  /** Message in the protocol version of the fleet; if nothing is sent, what would be sent otherwise. */
  readonly message?: unknown;
}

/** Explains what the agent reports for a fault. */
export function explainFault(fault: ReportedFault, audience: Recipient, protocol: Protocol): Explanation {
  const { code, origin, entity, status } = fault;
  const result = applyRules(fault, audience);
  const hindrance = hindranceOf(fault);
  const message = result.error ?? result.information;
  const sends = hindrance !== undefined || message === undefined ? 'nothing' : result.error ? 'error' : 'information';
  return {
    fault: code,
    ...(entity && { entity: entityPath(entity) }),
    origin,
    status,
    sends,
    why: [
      hindrance ?? 'it is confirmed, and no other fault explains it',
      ...result.applied.map(ruleSentence),
      ...consequences(result),
    ],
    ...(message && { message: encodedMessage(result, protocol) }),
  };
}

/** Returns the reason why a fault is not reported independent of the rules, or `undefined`. */
function hindranceOf({ status, symptomOf, mutedBy }: ReportedFault): string | undefined {
  if (status !== 'CONFIRMED') return `it is ${status}: only CONFIRMED faults are sent to a fleet`;
  if (mutedBy !== undefined) return `it is muted: ${mutedBy} is sent instead`;
  if (symptomOf !== undefined) return `it is a symptom of ${symptomOf}: only root causes are sent to a fleet`;
  return undefined;
}

function ruleSentence({ at, match, reportSettings }: Rule): string {
  const matched = Object.entries(match).map(([name, value]) => `${name} ${value}`);
  const said = Object.entries(reportSettings).map(([name, value]) => `${name} ${displayText(value)}`);
  return `${at}: the rule for ${matched.join(', ') || 'all faults'} sets ${said.join(', ') || 'nothing'}`;
}

/** Returns a text without its translations. */
function displayText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify('text' in value ? value.text : value);
}

function consequences({ error, information, isSafety }: RuleResult): readonly string[] {
  const sentences = error
    ? [`level ${error.level}`]
    : [
        information
          ? 'it is information for people: fleet control must not act on it'
          : 'a rule excludes it from the fleet',
      ];
  return isSafety ? [...sentences, 'it is safety-related: fleet control cannot clear it'] : sentences;
}

/** Encodes the error or information for a state of this version. */
function encodedMessage({ error, information }: RuleResult, protocol: Protocol): unknown {
  const reported = { errors: error ? [error] : [], information: information ? [information] : [] };
  const encoded = encodeErrors(protocol, reported);
  return [...encoded.errors, ...encoded.information][0];
}
