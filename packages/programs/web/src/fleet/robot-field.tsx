import { useId } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { TextField } from './text-field.tsx';

/** Robots that are offered while the user types. */
const MAX_OFFERED = 20;

interface RobotFieldProps {
  readonly label: string;
  readonly value: string;
  /** `isKnown` if the hub has a robot of this name: it refuses lists of other names. */
  readonly onType: (value: string, isKnown: boolean) => void;
  readonly problem?: string | undefined;
}

/** A field for the name of a robot, which offers the robots whose names contain the text. */
export function RobotField({ label, value, onType, problem }: RobotFieldProps) {
  const id = useId();
  const q = value.trim().toLowerCase();
  const { data } = useRoute('listFleetRobots', { query: { limit: MAX_OFFERED, ...(q && { q }) } });
  const names = data?.items.map((robot) => robot.id) ?? [];
  return (
    <>
      <TextField
        label={label}
        value={value}
        onType={(text) => onType(text, names.includes(text.trim()))}
        problem={problem}
        list={id}
        maxLength={128}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id={id}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
