import { FAULT_SEVERITIES, type IncidentFault } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import { type Group, type Member, rootOf } from '../grouping/group.ts';
import { endOf, faultKey, type Occurrence } from '../occurrence/occurrence.ts';
import { isoTime } from './build-incident.ts';

/** Returns the path of a fault from its occurrence. */
export type FaultAddress = (occurrence: Occurrence) => string | undefined;

/** Returns the faults of a group, each once: the root first, the others by start. */
export function incidentFaults(group: Group, hrefOf: FaultAddress): readonly IncidentFault[] {
  const root = rootOf(group);
  const byFault = new Map<string, Member[]>();
  for (const member of group.members) {
    const key = faultKey(member.occurrence);
    const known = byFault.get(key);
    if (known) known.push(member);
    else byFault.set(key, [member]);
  }
  const faults = [...byFault.values()].map((members) =>
    incidentFault(members, { root, fold: members[0]!.fold ?? foldOfOther(group, members[0]!), hrefOf }),
  );
  const [roots, others] = [faults.filter(({ role }) => role === 'root'), faults.filter(({ role }) => role !== 'root')];
  return [...roots, ...others];
}

/** Returns the fold of another occurrence that joined the group because of this one. */
function foldOfOther(group: Group, { occurrence: member }: Member): Member['fold'] {
  const other = group.members.find(({ fold }) => fold?.with === member);
  return other?.fold && { ...other.fold, with: other.occurrence, explains: true };
}

interface Place {
  readonly root: Occurrence;
  readonly fold: Member['fold'];
  readonly hrefOf: FaultAddress;
}

function incidentFault(members: readonly Member[], { root, fold, hrefOf }: Place): IncidentFault {
  const [{ occurrence: first } = members[0]!] = members;
  const { occurrence: last } = members.at(-1)!;
  const isRoot = faultKey(first) === faultKey(root);
  const isActive = endOf(last) === undefined;
  const href = hrefOf(last);
  return {
    fault_code: first.code,
    ...(first.origin !== LOCAL && { origin: first.origin }),
    ...(last.entity && { entity_id: last.entity.id, entity_type: last.entity.type }),
    description: last.description,
    severity: last.severity,
    severity_label: FAULT_SEVERITIES.labels[last.severity] ?? 'CRITICAL',
    role: isRoot ? 'root' : fold?.because === 'rule' && !fold.explains ? 'symptom' : 'same',
    because: isRoot || !fold ? 'first' : fold.because,
    why: isRoot ? 'Root cause of the other faults, or the first fault' : reasonOf(first, fold),
    ...(!isRoot && fold?.ruleId !== undefined && { rule_id: fold.ruleId }),
    delay_ms: Math.round(first.beganMs - root.beganMs),
    status: isActive ? 'active' : last.healedMs === undefined ? 'cleared' : 'healed',
    occurrence: last.number,
    times: members.length,
    began: isoTime(first.beganMs),
    ...(!isActive && last.healedMs !== undefined && { healed_at: isoTime(last.healedMs) }),
    ...(last.clearedMs !== undefined && { cleared_at: isoTime(last.clearedMs) }),
    ...(last.clearedBy !== undefined && { cleared_by: last.clearedBy }),
    ...(href !== undefined && { href }),
  };
}

function reasonOf({ beganMs, entity }: Occurrence, fold: Member['fold']): string {
  if (!fold) return 'The first fault';
  const { code, beganMs: before } = fold.with;
  const apart = `${(Math.abs(beganMs - before) / 1000).toFixed(1)} s ${beganMs < before ? 'before' : 'after'} it`;
  switch (fold.because) {
    case 'rule':
      return fold.explains
        ? `Root cause of ${code} by the rule ${fold.ruleId}`
        : `Symptom of ${code} by the rule ${fold.ruleId}`;
    case 'cluster':
      return `In one cluster with ${code} by a rule`;
    case 'recording':
      return `Shares a recording with ${code}`;
    case 'again':
      return 'The fault returned';
    case 'entity':
      return `On the same ${entity?.type ?? 'entity'} as ${code}, ${apart}`;
    case 'relation':
      return `On an entity related to the entity of ${code}, ${apart}`;
    case 'person':
      return `A user merged it with ${code}`;
  }
}
