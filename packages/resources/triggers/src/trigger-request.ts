import { KIND_TERMS, SovdError, type TriggerCreateRequest } from '@medkit/contract';
import {
  type Entity,
  type EntityTree,
  isJsonObject,
  isLogSeverity,
  type JsonObject,
  type JsonValue,
} from '@medkit/core';
import { isPointer } from '@medkit/core/json';
import { observedResource } from '@medkit/entities';
import type { RequestedCondition } from './conditions/condition.ts';
import type { LogSettings, RequestedTrigger } from './trigger.ts';

/** Maximum characters of a pointer, and of a log marker. */
const MAX_POINTER_LENGTH = 1024;
const MAX_MARKER_LENGTH = 1024;
/** A century. */
const MAX_LIFETIME_SEC = 3_155_760_000;
/** Maximum characters of a condition as JSON: a target may be a message, but not an image. */
const MAX_CONDITION_LENGTH = 65_536;

const COLLECTIONS = ['data', 'faults', 'operations', 'updates', 'logs'] as const;

/** Returns why a webhook cannot be delivered to, as a sentence; `undefined` if it can. */
export type WebhookProblem = (webhook: NonNullable<RequestedTrigger['webhook']>) => string | undefined;

/**
 * Validates a request for a trigger, in the order that existing clients expect; of the condition only its shape. Throws
 * `invalid-parameter`, `x-medkit-invalid-resource-uri` or `x-medkit-entity-mismatch`. `webhookProblem` is absent if
 * webhooks are disabled.
 */
export function validateTriggerRequest(
  tree: EntityTree,
  entity: Entity,
  request: TriggerCreateRequest,
  webhookProblem: WebhookProblem | undefined,
): RequestedTrigger {
  const condition = conditionIn(request.trigger_condition as JsonValue);
  const { collection, item } = observedBy(tree, entity, request.resource);
  const pointer = pointerIn(request.path);
  const delivery = deliveryIn(request, webhookProblem);
  const lifetimeSec = lifetimeIn(request.lifetime);
  const logSettings = logSettingsIn(request.log_settings);
  return {
    entity: { kind: entity.kind, id: entity.id },
    resource: request.resource,
    collection,
    item,
    condition,
    pointer,
    ...delivery,
    multishot: request.multishot ?? false,
    persistent: request.persistent ?? false,
    ...(lifetimeSec !== undefined && { lifetimeSec }),
    ...(logSettings && { logSettings }),
  };
}

/** Validates the lifetime of a trigger, seconds. Throws `invalid-parameter`. */
export function lifetimeIn(lifetime: number | null | undefined): number | undefined {
  if (lifetime === undefined || lifetime === null) return undefined;
  if (lifetime > 0 && lifetime <= MAX_LIFETIME_SEC) return lifetime;
  throw invalid(`lifetime must be above 0 seconds and at most ${MAX_LIFETIME_SEC}`, 'lifetime', lifetime);
}

/** Validates the shape of a condition. Throws `invalid-parameter`. */
export function conditionIn(input: JsonValue): RequestedCondition {
  if (!isJsonObject(input)) throw invalid('trigger_condition must be an object', 'trigger_condition');
  const { condition_type: type, ...parameters } = input;
  if (typeof type !== 'string' || type === '') {
    throw invalid('trigger_condition needs a "condition_type", such as "OnChange"', 'trigger_condition');
  }
  const { length } = JSON.stringify(input, (_, member) => (typeof member === 'bigint' ? String(member) : member));
  if (length > MAX_CONDITION_LENGTH) {
    throw invalid(`trigger_condition is longer than ${MAX_CONDITION_LENGTH} characters`, 'trigger_condition');
  }
  return { type, parameters: parameters as JsonObject };
}

function observedBy(
  tree: EntityTree,
  entity: Entity,
  uri: string,
): { readonly collection: string; readonly item: string } {
  const { entity: named, collection, path: item } = observedResource(uri);
  const { kind, id } = entity;
  // Updates belong to the robot as a whole: any entity can have a trigger on them.
  if (!named && collection === 'updates' && item !== '') return { collection, item };
  if (named?.kind !== kind || (named.id !== id && tree.resolve(kind, named.id)?.id !== id)) {
    const message = `The resource does not belong to ${kind} ${id}, the entity of the trigger`;
    throw new SovdError({
      code: 'x-medkit-entity-mismatch',
      message,
      parameters: { parameter: 'resource', value: uri },
    });
  }
  if (!COLLECTIONS.some((known) => known === collection) && !collection.startsWith('x-')) {
    throw invalid(
      `Triggers on ${collection} are not supported: use ${COLLECTIONS.join(', ')} or a collection x-…`,
      'resource',
      uri,
    );
  }
  if (collection === 'data' && item === '') {
    throw noResource(uri, `Specify one data item: /api/v1/${KIND_TERMS[kind].collection}/${id}/data/scan`);
  }
  if (collection === 'logs' && item !== '') throw noResource(uri, 'The entries of a log have no addresses');
  return { collection, item };
}

/** Validates the JSON Pointer to the judged part. Throws `invalid-parameter`. */
export function pointerIn(path: string | null | undefined): string {
  const pointer = path ?? '';
  if (pointer.length > MAX_POINTER_LENGTH)
    throw invalid(`path is longer than ${MAX_POINTER_LENGTH} characters`, 'path');
  if (!isPointer(pointer)) throw invalid('path must be a JSON Pointer (RFC 6901), such as /data', 'path', pointer);
  return pointer;
}

function deliveryIn(
  { protocol, webhook }: TriggerCreateRequest,
  problemOf: WebhookProblem | undefined,
): Pick<RequestedTrigger, 'protocol' | 'webhook'> {
  const requested = protocol ?? 'sse';
  if (requested === 'sse') {
    if (webhook) throw invalid('"webhook" requires the protocol "webhook"', 'webhook');
    return { protocol: requested };
  }
  if (requested !== 'webhook' || !problemOf) {
    throw invalid(
      `Unsupported protocol '${requested}': use ${problemOf ? 'sse or webhook' : 'sse'}`,
      'protocol',
      requested,
    );
  }
  if (!webhook) throw invalid('The protocol "webhook" needs a "webhook" with a "url"', 'webhook');
  const problem = problemOf(webhook);
  if (problem !== undefined) throw invalid(problem, 'webhook');
  return { protocol: requested, webhook };
}

function logSettingsIn(input: TriggerCreateRequest['log_settings']): LogSettings | undefined {
  if (!input) return undefined;
  const severity = (input.severity ?? 'info').toLowerCase();
  const marker = input.marker ?? 'Trigger fired';
  if (!isLogSeverity(severity)) {
    throw invalid('log_settings.severity must be debug, info, warning, error or fatal', 'log_settings', severity);
  }
  if (marker.length > MAX_MARKER_LENGTH) {
    throw invalid(`log_settings.marker is longer than ${MAX_MARKER_LENGTH} characters`, 'log_settings');
  }
  return { severity, marker };
}

function invalid(message: string, parameter: string, value?: unknown): SovdError {
  const parameters = { parameter, ...(value !== undefined && { value }) };
  return new SovdError({ code: 'invalid-parameter', message, parameters });
}

function noResource(value: string, message: string): SovdError {
  return new SovdError({
    code: 'x-medkit-invalid-resource-uri',
    message,
    parameters: { parameter: 'resource', value },
  });
}
