import { unmappedCode } from './fault-codes.ts';
import type { FaultEnumeration, FaultRule, StatusWordRule, ThresholdRule } from './fault-rule.ts';
import type { MapFields } from './map-fields.ts';
import { codeOf, faultOf, severityOf } from './read-fault.ts';

/** Bits of the longest integer type of OPC UA, UInt64. */
const MAX_BITS = 64;
/** Maximum numbers that a register maps. Drives have several hundred fault codes. */
const MAX_CODES = 4096;
/** Range of signed and unsigned 64-bit words. */
const WORD = { min: -(2n ** 63n), max: 2n ** 64n - 1n };
const ERROR = 2;

const MODES = ['alarm', 'status_bits', 'fault_enum'] as const;

/** Returns the keys for fault detection in a node's entry; at most one is allowed. */
export function detectionModesOf(node: MapFields): readonly string[] {
  return MODES.filter((mode) => node.has(mode));
}

/** Reads the fault rule of a node. Skips invalid rules, bits and codes with a warning each. */
export function faultRuleOf(node: MapFields, entityId: string, dataName: string): FaultRule | undefined {
  const [mode] = detectionModesOf(node);
  if (mode !== 'status_bits' && node.has('status_word_width'))
    node.warn('status_word_width has no effect without status_bits');
  if (mode === 'alarm') return thresholdOf(node);
  if (mode === 'status_bits') return statusWordOf(node);
  return mode === 'fault_enum' ? enumerationOf(node, entityId, dataName) : undefined;
}

function thresholdOf(node: MapFields): ThresholdRule | undefined {
  const alarm = node.section('alarm');
  if (alarm === undefined) return undefined;
  const fault = faultOf(alarm);
  const threshold = alarm.has('threshold') ? alarm.number('threshold') : 0;
  const above = alarm.has('above_threshold') ? alarm.flag('above_threshold') : true;
  alarm.end();
  if (fault === undefined) return undefined;
  // With a different limit or direction, the alarm would never be raised or never end.
  if (threshold === undefined || above === undefined) {
    node.warn(`alarm ${fault.code} is skipped`);
    return undefined;
  }
  return { kind: 'threshold', fault, threshold, above };
}

function statusWordOf(node: MapFields): StatusWordRule | undefined {
  const width = Number(node.whole('status_word_width', { min: 1, max: MAX_BITS }) ?? MAX_BITS);
  const bits = (node.sections('status_bits', MAX_BITS) ?? []).flatMap((entry) => {
    const bit = entry.whole('bit', { min: 0, max: width - 1 });
    if (!entry.has('bit')) entry.warn('bit is missing; the entry is skipped');
    const fault = faultOf(entry);
    entry.end();
    return bit === undefined || fault === undefined ? [] : [{ bit: Number(bit), fault }];
  });
  if (bits.length > 0) return { kind: 'status-word', bits, width };
  node.warn('status_bits has no usable bit; no fault of this node is detected');
  return undefined;
}

function enumerationOf(node: MapFields, entityId: string, dataName: string): FaultEnumeration | undefined {
  const enumeration = node.section('fault_enum');
  if (enumeration === undefined) return undefined;
  const okValue = enumeration.has('ok_value') ? enumeration.whole('ok_value', WORD) : 0n;
  const codes = (enumeration.sections('codes', MAX_CODES) ?? []).flatMap((entry) => {
    const value = entry.whole('code', WORD);
    if (!entry.has('code')) entry.warn('code is missing; the entry is skipped');
    const fault = faultOf(entry);
    entry.end();
    return value === undefined || fault === undefined ? [] : [{ value, fault }];
  });
  const unmapped = {
    code: codeOf(enumeration, 'unknown_fault_code') ?? unmappedCode(entityId, dataName),
    severity: severityOf(enumeration, 'unknown_severity') ?? ERROR,
    message: enumeration.text('unknown_message') || undefined,
  };
  enumeration.end();
  if (okValue !== undefined && codes.length > 0) return { kind: 'enumeration', okValue, codes, unmapped };
  node.warn('fault_enum has no usable ok_value and codes; no fault of this node is detected');
  return undefined;
}
